/** Boxes and how they flow: s-box, s-stack, s-grid, s-grid-item, s-query-container, s-divider and the lists. */
import { PolarisElement, define } from "./element.js";
import { BOX_PROPERTIES, hostRules } from "./tokens.js";

/** An element whose host is styled from its attributes; a base for boxes of every kind. */
export class Box extends PolarisElement {
  static properties = BOX_PROPERTIES;
  static css = ":host { display: block; min-inline-size: 0; }";
  static template = "<style></style><slot></slot>";

  update() {
    this.part("style").textContent = hostRules(this, Object.keys(this.constructor.properties));
    this.describeBox();
  }

  describeBox() {
    const { accessibilityRole, accessibilityLabel, accessibilityVisibility } = this;
    if (accessibilityRole && accessibilityRole !== "generic")
      this.setDefaultAttribute("role", accessibilityRole);
    if (accessibilityLabel) this.setAttribute("aria-label", accessibilityLabel);
    if (accessibilityVisibility === "hidden") this.setAttribute("aria-hidden", "true");
  }
}

const FLOW = {
  gap: "text",
  rowGap: "text",
  columnGap: "text",
  alignItems: "text",
  justifyContent: "text",
  alignContent: "text",
};

class Stack extends Box {
  static properties = { ...BOX_PROPERTIES, ...FLOW, direction: "text" };
  static css =
    ":host { display: flex; flex-flow: column nowrap; min-inline-size: 0; } :host([direction=inline]) { align-items: center; }";
}

class Grid extends Box {
  static properties = {
    ...BOX_PROPERTIES,
    ...FLOW,
    justifyItems: "text",
    placeItems: "text",
    placeContent: "text",
    gridTemplateColumns: "text",
    gridTemplateRows: "text",
  };
  static css = ":host { display: grid; min-inline-size: 0; }";
}

class GridItem extends Box {
  static properties = { ...BOX_PROPERTIES, gridColumn: "text", gridRow: "text" };
}

class QueryContainer extends PolarisElement {
  static properties = { containerName: "text" };
  static css = ":host { display: block; container-type: inline-size; }";

  update() {
    this.style.containerName = this.containerName;
  }
}

class Divider extends PolarisElement {
  static properties = { direction: "text", color: "text" };
  static css = `
    :host { display: block; border-block-start: 1px solid #ebebeb; align-self: stretch; }
    :host([color=strong]) { border-color: #8a8a8a; }
    :host([direction=block]) { border-block-start: 0; border-inline-start: 1px solid #ebebeb; }
  `;

  update() {
    this.setDefaultAttribute("role", "separator");
    if (this.direction === "block") this.setAttribute("aria-orientation", "vertical");
  }
}

class UnorderedList extends PolarisElement {
  static css =
    ":host { display: block; padding-inline-start: 20px; font-size: 13px; line-height: 20px; list-style: disc outside; }";

  update() {
    this.setDefaultAttribute("role", "list");
  }
}

class OrderedList extends UnorderedList {
  static css = UnorderedList.css.replace("disc", "decimal");
}

class ListItem extends PolarisElement {
  static css = ":host { display: list-item; margin-block-end: 4px; }";

  update() {
    this.setDefaultAttribute("role", "listitem");
  }
}

export function defineLayout() {
  define("s-box", Box);
  define("s-stack", Stack);
  define("s-grid", Grid);
  define("s-grid-item", GridItem);
  define("s-query-container", QueryContainer);
  define("s-divider", Divider);
  define("s-unordered-list", UnorderedList);
  define("s-ordered-list", OrderedList);
  define("s-list-item", ListItem);
}
