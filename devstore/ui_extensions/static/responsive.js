/* Attribute values that depend on the width around: "@container (inline-size > 600px) 1fr 1fr, 1fr". */

const VALUE = /^@container\s*(\([^)]*\))\s*([^,]+),\s*(.+)$/;

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
const classes = new Map();

/* Gives `element` the class that says `value` of `property`; null takes away what the attribute `name` gave. */
export function responsive(element, name, property, value, read) {
  const before = [...element.classList].find((each) => each.startsWith(`${name}-`));
  if (before) element.classList.remove(before);
  const found = value?.match(VALUE);
  if (found) element.classList.add(classOf(name, property, found, read));
}

function classOf(name, property, [value, query, inside, otherwise], read) {
  const key = `${name} ${value}`;
  if (!classes.has(key)) {
    const made = `${name}-${classes.size}`;
    const said = property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    sheet.insertRule(`@container ${query} { .${made} { ${said}: ${read(inside.trim())} } }`);
    sheet.insertRule(`.${made} { ${said}: ${read(otherwise)} }`);
    classes.set(key, made);
  }
  return classes.get(key);
}
