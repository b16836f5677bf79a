// Pictures, cards, links, videos, files and places, as the visitor saw them.

import { useEffect } from "preact/hooks";
import type { Exhibit, Shown, ShownLink, ShownPicture } from "../../protocol/types";
import { lang } from "../app";
import { size } from "../model/time";
import { languageName } from "../words";
import { Rich } from "./Rich";

const WORDS = { es: { map: "Ver en el mapa", video: "Video" }, en: { map: "See on a map", video: "Video" } };

const CSS = `.exhibit{max-width:22rem;margin:.25rem 0;border:1px solid var(--line,#8886);border-radius:8px;overflow:clip}
.exhibit>*{display:block;margin:0;padding:.4rem .7rem}.exhibit>img,.exhibit>video{width:100%;height:auto;padding:0;object-fit:contain;background:#fff;color:#222}
.exhibit address{font-style:normal}`;

/** Once for the page. */
let styled = false;

function style(): void {
  if (styled) return;
  styled = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  document.adoptedStyleSheets.push(sheet);
}

const To = ({ href, children }: { href: string; children: string }) => <a href={href} target="_blank" rel="noopener noreferrer">{children}</a>;
const Link = ({ link }: { link: ShownLink }) => <To href={link.url}>{link.title}</To>;
const Picture = ({ picture: { src, alt, ratio } }: { picture: ShownPicture }) => <img src={src} alt={alt} loading="lazy" style={{ aspectRatio: ratio }} />;

function One({ what }: { what: Exhibit }) {
  const w = WORDS[lang.value.startsWith("es") ? "es" : "en"];
  switch (what.kind) {
    case "picture": return <Picture picture={what.picture} />;
    case "link": return <Link link={what.link} />;
    case "card":
      return <>{what.picture && <Picture picture={what.picture} />}<b>{what.title}</b>{what.text && <p><Rich text={what.text} /></p>}{what.link && <Link link={what.link} />}</>;
    case "video":
      return (
        <>
          <video controls playsInline preload="none" crossOrigin="anonymous" poster={what.poster} src={what.src} aria-label={`${w.video}: ${what.title}`} style={{ aspectRatio: what.ratio }}>
            {what.captions.map((track, index) => <track key={track.lang} kind="captions" srcLang={track.lang} label={languageName(track.lang, lang.value)} src={track.src} default={index === 0} />)}
          </video>
          <p>{what.title}</p>
        </>
      );
    case "file": return <To href={what.src}>{`↓ ${what.name} (${what.format}${what.bytes > 0 ? `, ${size(what.bytes, lang.value)}` : ""})`}</To>;
    case "location": return <><address><b>{what.name}</b><br />{what.address}</address><To href={what.map}>{w.map}</To></>;
  }
}

export function Exhibits({ shows, lang: theirs }: { shows: Shown[]; lang: string }) {
  useEffect(style, []);
  return <>{shows.map(({ what }, index) => <div key={index} class="exhibit" lang={theirs}><One what={what} /></div>)}</>;
}
