// What an answer shows beside its words: pictures, cards, links, videos, files, places. Fetched with the first of them, for most answers are words;
// it brings its own style. Everything has its shape before it has come, and its words if it never does.

import type { Shown, ShownLink, ShownPicture } from "../protocol/types.ts";
import type { Chat } from "./chat.ts";
import { h, type Kid } from "./dom.ts";
import { link, markdown } from "./markdown.ts";

const CSS =
  ".rich{width:88%;margin-top:4px;border-width:1px;background:var(--card);overflow:clip}.rich>*{display:block;padding:8px 14px;border-radius:0}" +
  ".rich>img,.rich>video{width:100%;height:auto;padding:0;object-fit:contain;background:#fff;color:#222}.rich>video{background:#000}" +
  ".rich>a{min-height:44px}.rich address{font-style:normal;padding-bottom:0}";

const WORDS = { es: ["Ver en el mapa", "Video: "], en: ["See on a map", "Video: "] };

/** The windows that have the style. */
const styled = new WeakSet<ShadowRoot>();

function style(): void {
  const root = document.querySelector("ventanilla-chat")?.shadowRoot;
  if (!root || styled.has(root)) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets.push(sheet);
  styled.add(root);
}

/** Size as people read it. */
const kilobytes = (bytes: number) => (bytes ? `, ${Math.ceil(bytes / 1024)} kB` : "");

/** What stands under message `after` of a turn. Called by this name from the widget, which is built apart. */
export function open(chat: Chat, shows: Shown[], after: number, key: string, lang: string): Kid {
  style();
  const { address, locale } = chat;
  const [map, video] = WORDS[locale.startsWith("es") ? "es" : "en"];
  const picture = ({ src, alt, ratio }: ShownPicture): Kid =>
    h("img", { alt, style: `aspect-ratio:${ratio}`, loading: "lazy", decoding: "async", src: address(src) });
  const to = ({ title, url }: ShownLink): Kid => link(url, title);
  const language = (tag: string) => new Intl.DisplayNames(locale, { type: "language" }).of(tag);
  const inside = ({ what }: Shown): Kid => {
    switch (what.kind) {
      case "picture":
        return picture(what.picture);
      case "link":
        return to(what.link);
      case "card":
        return [
          what.picture && picture(what.picture),
          h("b", {}, what.title),
          what.text && h("p", {}, markdown(what.text)),
          what.link && to(what.link),
        ];
      case "video":
        return [
          h(
            "video",
            {
              "aria-label": video + what.title,
              style: `aspect-ratio:${what.ratio}`,
              controls: true,
              playsInline: true,
              preload: "none",
              // Captions of another origin are only read where the video may be, too.
              crossOrigin: "anonymous",
              poster: address(what.poster),
              src: address(what.src),
            },
            what.captions.map((track, i) =>
              h("track", { kind: "captions", srclang: track.lang, label: language(track.lang), default: !i, src: address(track.src) }),
            ),
          ),
          h("p", {}, what.title),
        ];
      case "file":
        return link(address(what.src), `↓ ${what.name} (${what.format}${kilobytes(what.bytes)})`);
      case "location":
        return [h("address", {}, h("b", {}, what.name), h("br"), what.address), link(what.map, map!)];
    }
  };
  return shows.map((shown, i) => shown.after === after && h("div.row", { key: key + i }, h("div.rich", { lang, dir: "auto" }, inside(shown))));
}
