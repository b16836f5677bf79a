// Lines by uPlot, in the colours of the console. In a file of its own: it comes when there is something to draw.

import uPlot from "uplot";
import sheet from "uplot/dist/uPlot.min.css";

const dress = new CSSStyleSheet();
dress.replaceSync(sheet);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, dress];

/** Told apart by their dashes too, and not by colour alone. */
const STROKES = [["--ink", []], ["--good", [8, 4]], ["--accent-ink", [2, 3]], ["--bad", [12, 3, 2, 3]]] as const;

/** Draws columns, the first of which are days in seconds since 1970; what takes it away again. */
export function draw(box: HTMLElement, columns: number[][], names: string[], height: number, lang: string): () => void {
  const ink = (name: string): string => {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    box.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
  const day = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short", timeZone: "UTC" });
  let plot: uPlot | undefined;
  const paint = () => {
    plot?.destroy();
    const axis = { stroke: ink("--soft"), grid: { stroke: ink("--line"), width: 1 }, ticks: { stroke: ink("--line"), width: 1 } };
    plot = new uPlot({
      width: Math.max(200, box.clientWidth),
      height,
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
      cursor: { drag: { setScale: false } },
      axes: [
        { ...axis, values: (_, days) => days.map((at) => day.format(at * 1000)), space: 70 },
        { ...axis, size: 48, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] },
      ],
      series: [
        { value: (_, at) => (at == null ? "—" : day.format(at * 1000)) },
        ...names.map((label, at) => {
          const [colour, dash] = STROKES[at % STROKES.length] as (typeof STROKES)[number];
          return { label, stroke: ink(colour), width: 2, dash: [...dash], points: { show: (columns[0]?.length ?? 0) < 40 } };
        }),
      ],
      scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] } },
    }, columns as unknown as uPlot.AlignedData, box);
  };
  paint();
  const size = new ResizeObserver(() => plot?.setSize({ width: Math.max(200, box.clientWidth), height }));
  size.observe(box);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", paint);
  return () => {
    size.disconnect();
    dark.removeEventListener("change", paint);
    plot?.destroy();
  };
}
