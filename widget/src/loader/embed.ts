// The loader: a classic async script. Leaves a stub that queues `Ventanilla(…)` calls, and fetches the widget once the page has loaded,
// so that the shop's own page is never slower for it.

declare const WIDGET_VERSIONS: { [language: string]: string };

type Stub = { (...call: unknown[]): void; q?: unknown[][]; ready?: boolean };

const page = window as unknown as { Ventanilla?: Stub };
const script = document.currentScript as HTMLScriptElement | null;

if (script && !page.Ventanilla?.ready) {
  const stub: Stub = (page.Ventanilla ??= (...call) => void (stub.q ??= []).push(call));
  stub.ready = true;
  const { src, dataset } = script;
  // Only a guess: the widget fetches the texts of the language that it really needs.
  const language = /^es/i.test(dataset["lang"] ?? (document.documentElement.lang || navigator.language)) ? "es" : "en";
  const load = () =>
    void import(new URL(`widget-${language}.js?v=${WIDGET_VERSIONS[language]}`, src).href).then(
      (widget: { start(from: string, data: DOMStringMap): void }) => widget.start(src, dataset),
    );
  if (document.readyState === "complete") load();
  else addEventListener("load", load);
}
