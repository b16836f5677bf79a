// A number as it is shown: with what it rests on, and the way to its conversations.

import type { ComponentChildren } from "preact";
import { lang } from "../../app";
import { percent } from "../../model/time";
import type { Middle, Share } from "./wire";
import { insightWords } from "./words";

export const whole = (n: number): string => new Intl.NumberFormat(lang.value, { useGrouping: true }).format(n);

export function Number({ n, href, label }: { n: number; href: string; label: string }) {
  return n === 0 ? <>0</> : <a href={href} aria-label={`${label}: ${whole(n)}`}>{whole(n)}</a>;
}

/** A share with its interval; where there are few, what there is in words. */
export function Part({ share, href, label }: { share: Share; href?: string; label: string }) {
  const t = insightWords(lang.value);
  const tag = lang.value;
  if (share.of === 0) return <>—</>;
  const text = share.value === null ? t.of(whole(share.part), whole(share.of)) : percent(share.value, tag);
  const range = t.range(percent(share.low, tag), percent(share.high, tag));
  return (
    <>
      {href && share.part > 0 ? <a href={href} aria-label={`${label}: ${text}`}>{text}</a> : text}
      <small>{share.value === null ? range : `${range}; ${t.of(whole(share.part), whole(share.of))}`}</small>
    </>
  );
}

export function Median({ middle, unit }: { middle: Middle; unit: (n: number) => string }) {
  const t = insightWords(lang.value);
  const { of, median, low, high, p90 } = middle;
  if (median === null || low === null || high === null || p90 === null) return <>{t.noMedian(of)}</>;
  return <>{t.half(unit(median), unit(low), unit(high), unit(p90))}<small>n = {whole(of)}</small></>;
}

/** A table that scrolls by itself, and becomes a list where it is narrow. */
export function Table({ name, head, children }: { name: string; head: readonly string[]; children: ComponentChildren }) {
  return (
    <div class="table-box" tabIndex={0} role="group" aria-label={name}>
      <table class="table">
        <caption class="sr">{name}</caption>
        <thead><tr>{head.map((column) => <th scope="col" key={column}>{column}</th>)}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
