/** A handful of line icons on a 20 px grid, drawn for this stand-in, under the names Polaris gives them. */

const PATHS = {
  "alert-circle": '<circle cx="10" cy="10" r="7"/><path d="M10 6.5v4M10 13.4v.1"/>',
  "alert-triangle": '<path d="M10 3.5 17.2 16H2.8zM10 8.2v3.6M10 13.9v.1"/>',
  "arrow-left": '<path d="M16 10H4m5-5-5 5 5 5"/>',
  "arrow-right": '<path d="M4 10h12m-5-5 5 5-5 5"/>',
  "arrow-up": '<path d="M10 16V4M5 9l5-5 5 5"/>',
  "arrow-down": '<path d="M10 4v12m-5-5 5 5 5-5"/>',
  calendar:
    '<rect x="3" y="4" width="14" height="13" rx="2.5"/><path d="M3 8.5h14M7 2.5v3M13 2.5v3"/>',
  cart: '<path d="M2.5 3.5h2l1.7 9h8.6l1.7-6.5H5.2"/><circle cx="7.5" cy="16" r="1.2"/><circle cx="14" cy="16" r="1.2"/>',
  "chart-vertical": '<path d="M4 16.5V10M10 16.5V3.5M16 16.5V7"/>',
  check: '<path d="m4 10.5 4 4 8-9"/>',
  "check-circle": '<circle cx="10" cy="10" r="7"/><path d="m6.8 10.2 2.3 2.3 4.2-4.8"/>',
  "chevron-down": '<path d="m5 7.5 5 5 5-5"/>',
  "chevron-left": '<path d="m12.5 5-5 5 5 5"/>',
  "chevron-right": '<path d="m7.5 5 5 5-5 5"/>',
  "chevron-up": '<path d="m5 12.5 5-5 5 5"/>',
  clock: '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.2l2.8 1.8"/>',
  delete: '<path d="M3.5 5.5h13M8 5V3.5h4V5M5.5 5.5l.8 11h7.4l.8-11M8.5 9v4.5M11.5 9v4.5"/>',
  discount: '<path d="m3 10 7-7h7v7l-7 7z"/><circle cx="13.4" cy="6.6" r=".9"/>',
  duplicate:
    '<rect x="7" y="7" width="10" height="10" rx="2"/><path d="M13 4.5V4a1.5 1.5 0 0 0-1.5-1.5H4.5A2 2 0 0 0 2.5 4.5v7A1.5 1.5 0 0 0 4 13h.5"/>',
  edit: '<path d="m12.8 4.2 3 3L7 16H4v-3z"/>',
  export:
    '<path d="M10 12.5v-9M6.5 6.5 10 3l3.5 3.5M4 12v3.5A1.5 1.5 0 0 0 5.5 17h9a1.5 1.5 0 0 0 1.5-1.5V12"/>',
  external:
    '<path d="M11.5 3.5h5v5M16 4l-7 7M14.5 11.5v3.5a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15V7A1.5 1.5 0 0 1 5 5.500h3.5"/>',
  gift: '<path d="M3 7.500h14v3H3zM4.5 10.500V17h11v-6.500M10 7.500V17M10 7.500C7 7.5 6 6.4 6 5.200c0-2.3 3.4-2.4 4 2.3.6-4.7 4-4.6 4-2.3 0 1.2-1 2.3-4 2.3"/>',
  "gift-card":
    '<rect x="2.5" y="4.5" width="15" height="11" rx="2"/><path d="M2.5 8.500h15M7 4.500v11"/>',
  heart:
    '<path d="M10 16.500S3 12.3 3 7.700C3 4 7.8 2.8 10 6.3 12.2 2.8 17 4 17 7.700c0 4.6-7 8.8-7 8.800z"/>',
  home: '<path d="m3 9 7-6 7 6v7.500h-4.500V12h-5v4.500H3z"/>',
  info: '<circle cx="10" cy="10" r="7"/><path d="M10 9.200v4.300M10 6.500v.1"/>',
  link: '<path d="M8.5 11.500a3 3 0 0 0 4.3 0l2.7-2.700a3 3 0 0 0-4.3-4.300l-1 1M11.5 8.500a3 3 0 0 0-4.3 0l-2.7 2.700a3 3 0 0 0 4.3 4.300l1-1"/>',
  "menu-horizontal": '<path d="M4.5 10h.1M10 10h.1M15.5 10h.1" stroke-width="2.5"/>',
  minus: '<path d="M4 10h12"/>',
  order: '<path d="M4 3.500h12v13l-2-1.3-2 1.3-2-1.3-2 1.3-2-1.3-2 1.300zM7 7.500h6M7 11h4"/>',
  person: '<circle cx="10" cy="7" r="3.2"/><path d="M3.8 17c.8-3.4 3.2-5 6.2-5s5.4 1.6 6.2 5"/>',
  plus: '<path d="M10 4v12M4 10h12"/>',
  product:
    '<path d="m10 2.8 6.5 3.500v7.400L10 17.200l-6.5-3.500V6.300zM3.5 6.3 10 9.800l6.5-3.500M10 9.800v7.4"/>',
  question:
    '<circle cx="10" cy="10" r="7"/><path d="M8 8.200c0-1.3.9-2 2-2s2 .8 2 1.800c0 1.5-2 1.5-2 3M10 13.500v.1"/>',
  "question-circle":
    '<circle cx="10" cy="10" r="7"/><path d="M8 8.200c0-1.3.9-2 2-2s2 .8 2 1.800c0 1.5-2 1.5-2 3M10 13.500v.1"/>',
  refresh: '<path d="M16 6.500V3m0 3.500h-3.500M16 6.500A7 7 0 1 0 17 10"/>',
  reward: '<circle cx="10" cy="8" r="5"/><path d="m7 12.2-1 5 4-2 4 2-1-5"/>',
  search: '<circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 3.8 3.8"/>',
  settings:
    '<circle cx="10" cy="10" r="2.5"/><path d="M10 2.800v2M10 15.200v2M2.8 10h2M15.2 10h2M4.9 4.900l1.4 1.400M13.7 13.700l1.4 1.400M15.1 4.900l-1.4 1.400M6.3 13.700l-1.4 1.4"/>',
  star: '<path d="m10 2.8 2.2 4.6 5 .7-3.6 3.5.9 5-4.5-2.4-4.5 2.4.9-5L2.8 8.100l5-.7z"/>',
  store:
    '<path d="M4 9v7.500h12V9M2.8 7.5 4.5 3.500h11l1.7 4c0 2.3-3.3 2.6-3.6.3-.3 2.3-3.3 2.3-3.6 0-.3 2.3-3.3 2.3-3.6 0-.3 2.3-3.6 2-3.6-.3z"/>',
  undo: '<path d="M4 8h8a4.5 4.5 0 0 1 0 9H8M4 8l4-4M4 8l4 4"/>',
  view: '<path d="M2.5 10C4 6.7 6.7 5 10 5s6 1.7 7.5 5c-1.5 3.3-4.2 5-7.5 5s-6-1.7-7.5-5z"/><circle cx="10" cy="10" r="2.3"/>',
  x: '<path d="m5 5 10 10M15 5 5 15"/>',
};

/** Return the SVG of an icon; a name this stand-in has not drawn shows as a dot, so that it is noticed. */
export function iconSvg(name) {
  return `<svg viewBox="0 0 20 20" aria-hidden="true">${PATHS[name] ?? '<circle cx="10" cy="10" r="2"/>'}</svg>`;
}
