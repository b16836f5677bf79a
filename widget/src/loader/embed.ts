// The loader: a classic async script. Leaves a stub that queues `Ventanilla(…)` calls, and fetches the widget once the page has loaded,
// so that the shop's own page is never slower for it.

declare const WIDGET_VERSION: string;

type Stub = { (...call: unknown[]): void; q?: unknown[][]; ready?: boolean };

const page = window as unknown as { Ventanilla?: Stub };
const script = document.currentScript as HTMLScriptElement | null;

if (script && !page.Ventanilla?.ready) {
  const stub: Stub = (page.Ventanilla ??= (...call) => void (stub.q ??= []).push(call));
  stub.ready = true;
  const load = () =>
    void import(new URL(`widget.js?v=${WIDGET_VERSION}`, script.src).href).then(
      (widget: { start(from: string, data: DOMStringMap): void }) => widget.start(script.src, script.dataset),
    );
  if (document.readyState === "complete") load();
  else addEventListener("load", load);
}
