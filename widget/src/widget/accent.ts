// The one rule that the widget writes while it lives: colours that go with the page's accent, and the visible part of the screen.

type Rgb = [number, number, number];

const LIGHT: Rgb = [255, 255, 255];
const DARK: Rgb = [26, 25, 23];
/** The lightest dark ground on which the accent is written. */
const DARK_CARD: Rgb = [38, 36, 33];
/** The darkest light ground on which the accent is written: the tint. */
const LIGHT_TINT: Rgb = [226, 232, 226];
const ENOUGH = 4.6;

/** Relative luminance, WCAG 2.2. */
function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio, WCAG 2.2: 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Text on the accent, and the accent as text: as near to it as can be read. */
export function companions(accent: Rgb, dark: boolean): { on: Rgb; ink: Rgb } {
  const on = contrast(accent, LIGHT) >= contrast(accent, DARK) ? LIGHT : DARK;
  const [ground, towards] = dark ? [DARK_CARD, LIGHT] : [LIGHT_TINT, DARK];
  let ink = accent;
  for (let part = 0; contrast(ink, ground) < ENOUGH && part < 1; part += 0.05) {
    ink = accent.map((value, i) => Math.round(value + ((towards[i] ?? 0) - value) * part)) as Rgb;
  }
  return { on, ink };
}

/** Keeps `rule` to the accent that `probe` has as its background. */
export function adapt(rule: CSSStyleDeclaration, probe: Element, dark: boolean): void {
  const found = /^rgba?\((\d+), (\d+), (\d+)/.exec(getComputedStyle(probe).backgroundColor);
  if (!found) return;
  const { on, ink } = companions(found.slice(1, 4).map(Number) as Rgb, dark);
  rule.setProperty("--on-accent", `rgb(${on})`);
  rule.setProperty("--accent-ink", `rgb(${ink})`);
}

/** Keeps `rule` to what the phone's keyboard leaves of the screen. */
export function fit(rule: CSSStyleDeclaration, view: VisualViewport): void {
  rule.setProperty("--top", `${view.offsetTop}px`);
  rule.setProperty("--tall", `${view.height}px`);
}
