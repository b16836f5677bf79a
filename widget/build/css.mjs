// Shorter names in the widget's style sheet. Names that a page may set (`--ventanilla-…`) and those that the script writes stay.

const SAID = /--(?!ventanilla-|top\b|tall\b)[a-z-]+/g;

/** `css` with custom properties of one letter, the most used first. */
export function shortCss(css) {
  const uses = new Map();
  for (const [name] of css.matchAll(SAID)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const order = [...uses].sort(([, a], [, b]) => b - a).map(([name]) => name);
  return css.replace(SAID, (name) => `--${String.fromCharCode(97 + order.indexOf(name))}`);
}
