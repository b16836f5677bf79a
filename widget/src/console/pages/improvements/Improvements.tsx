// Improvements: where opinions gather, what was done about them; one place or one action by itself behind the console's address.

import { useEffect } from "preact/hooks";
import { failed, lang, words } from "../../app";
import { link, route } from "../../route";
import { Table, whole } from "../insights/parts";
import { said } from "../notices/api";
import { Deed } from "./Deed";
import { OneErrand } from "./Errands";
import { Opinions } from "./Opinions";
import { type Book, type Place, type Row, book, errands, placeMark, placeOf, read, readErrands } from "./api";
import { improvementWords } from "./words";

export function Improvements() {
  const { within } = route.value;
  useEffect(() => void Promise.all([read(), readErrands()]).catch(failed), [within]);
  const all = book.value;
  if (!all) return <p class="empty" role="status">{words.value.loading}</p>;
  const place = placeOf(within);
  if (place) return <Opinions key={within} book={all} place={place} />;
  const action = within?.startsWith("did.") ? within.slice(4) : undefined;
  if (action !== undefined) return <Deed key={action} book={all} id={action} />;
  return <Overview all={all} />;
}

/** What a place is called. */
export function placeName({ touchpoints }: Book, { touchpoint, stage }: Place): string {
  const t = improvementWords(lang.value);
  const name = touchpoint === null ? t.nowhere : touchpoints.find(({ id }) => id === touchpoint)?.name ?? touchpoint;
  return stage === null ? name : `${name} · ${words.value.stages[stage]}`;
}

function Overview({ all }: { all: Book }) {
  const t = improvementWords(lang.value);
  return (
    <>
      <header class="page-head"><h1>{words.value.pages.improvements}</h1><p class="lead">{t.lead}</p></header>
      <section>
        <h2>{t.themes}</h2>
        <p class="hint">{t.themesLead}</p>
        {all.themes.length === 0 ? <p class="empty">{t.noThemes}</p> : (
          <Table name={t.themes} head={[t.place, t.stage, t.asking, t.left, t.standings.owned, t.standings.contacted, t.standings.fixed, t.standings.told]}>
            {all.themes.map((theme) => {
              const { touchpoint, stage, answers, asking, standings } = theme;
              const name = placeName(all, { touchpoint, stage: null });
              return (
                <tr key={placeMark(theme)}>
                  <td data-name={t.place}><a href={link({ page: "improvements", within: placeMark(theme) })} aria-label={placeName(all, theme)}>{name}</a></td>
                  <td data-name={t.stage}>{stage ? words.value.stages[stage] : t.noStage}</td>
                  <td data-name={t.asking}>{whole(asking)}<small>{t.ofAnswers(whole(answers))}</small></td>
                  <td data-name={t.left}><b>{whole(standings.new + standings.owned + standings.contacted)}</b></td>
                  {(["owned", "contacted", "fixed", "told"] as const).map((one) => <td key={one} data-name={t.standings[one]}>{whole(standings[one])}</td>)}
                </tr>
              );
            })}
          </Table>
        )}
      </section>
      {errands.value.errands.length > 0 && (
        <section>
          <h2>{t.errands} <span class="count">{errands.value.errands.length}</span></h2>
          <ul>{errands.value.errands.map((one) => <OneErrand key={`${one.conversation}${one.made_at}`} one={one} />)}</ul>
        </section>
      )}
      <section>
        <h2>{t.actions} <span class="count">{all.actions.length}</span></h2>
        {all.actions.length === 0 ? <p class="empty">{t.noActions}</p> : <ul class="cards">{all.actions.map((row) => <Card key={row.action.id} row={row} />)}</ul>}
      </section>
    </>
  );
}

/** Whether it is a draft, public or withdrawn. */
export function State({ row: { published_at, retired_at } }: { row: Row }) {
  const t = improvementWords(lang.value);
  const state = published_at === null ? t.draft : retired_at === null ? t.public : t.retired;
  return <span class="mark">{state}</span>;
}

function Card({ row }: { row: Row }) {
  const t = improvementWords(lang.value);
  const { action, author, published_at, told } = row;
  return (
    <li class="card-line">
      <p class="card-head"><b><a href={link({ page: "improvements", within: `did.${action.id}` })}>{said(action.said, lang.value)}</a></b> <span class="faint">{t.by(author)}</span></p>
      <p>{said(action.did, lang.value)}</p>
      <p class="marks">
        <State row={row} />
        <span class="mark">{published_at === null ? t.closes(action.opinions.length) : t.tellsPeople(told, action.opinions.length)}</span>
      </p>
    </li>
  );
}

