// What the server tells about the company's numbers, and the way to the conversations behind each.

import type { Stage } from "../../../protocol/types";
import { call } from "../../api";
import { link } from "../../route";

export interface Share { part: number; of: number; value: number | null; low: number; high: number }
export interface Middle { of: number; median: number | null; low: number | null; high: number | null; p90: number | null }
export interface Promises { made: number; in_time: number; late: number; open: number; overdue: number; warned: number; moved: number }
export type Verdict = "act" | "watch" | "leave_alone";
export type Why = "worse" | "maybe_worse" | "too_few" | "as_elsewhere";

export interface TrendPoint {
  day: string; sessions: number; ended: number; solved: number; gave_up: number; person: number; troubled: number; answered: number; positive: number;
}

export interface Cell {
  touchpoint: string | null; stage: Stage | null; sessions: number; troubled: Share; held_against: number; verdict: Verdict; why: Why;
}

export interface HourFigures {
  touchpoint: string | null; hour: number; sessions: number; person: number; attended: number; abandoned: number; troubled: Share;
}

export interface TopicFigures {
  topic: string | null; used: number; sessions: number;
  solved: Share; gave_up: Share; person: Share; first_resolved: Share; positive: Share; troubled: Share; turns: Middle;
}

export interface TeamFigures {
  team: string; sessions: number; attended: Share; abandoned: Share; response_met: Share; resolution_met: Share; positive: Share; wait: Middle; promises: Promises;
}

export interface FormFigures { topic: string; started: number; finished: Share; open: number; steps: { step: string; asked: number; left: Share }[] }

export interface QuestionFigures { question: string; asked: number; answered: Share; up: Share; middle: Share; down: Share }

export interface Accuracy { tests_passed: number; tests: number; examples: Share | null; kept: Share | null }

export interface Report {
  from: string;
  to: string;
  days: number;
  counts: Record<string, number>;
  shares: Record<string, Share>;
  turns: Middle;
  wait: Middle;
  left_after: Middle;
  promises: Promises;
  trend: TrendPoint[];
  places: Cell[];
  hours: HourFigures[];
  staff: number[];
  topics: TopicFigures[];
  teams: TeamFigures[];
  forms: FormFigures[];
  questions: QuestionFigures[];
  time_zone: string;
  catching_up: boolean;
  span: [string, string] | null;
  sites: string[];
  touchpoints: Record<string, string>;
  topics_named: Record<string, string>;
  teams_named: Record<string, string>;
  accuracy: Record<string, Accuracy>;
  measuring: boolean;
}

/** The fields of the form, as they stand in it; empty: anything. */
export interface Period { from: string; to: string; site: string }

const queryOf = (fields: object): URLSearchParams => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== "" && value != null) query.set(name, String(value));
  return query;
};

export const report = (period: Period): Promise<Report> => call("GET", `/v1/insights?${queryOf(period)}`);

export const sheetOf = (period: Period): string => `/v1/insights?${queryOf({ ...period, format: "csv" })}`;

/** Of which sessions a number is, beside the period. `none`: of those that have none. */
export interface Of { touchpoint?: string | null; stage?: string | null; matter?: string | null; of_team?: string; hour?: number; day?: string }

/** The page on which the conversations behind a number stand. */
export function behind({ from, to }: { from: string; to: string }, site: string, number: string, of: Of = {}): string {
  const { day, ...rest } = of;
  const narrowed = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value === null ? "none" : value]));
  return link({ page: "history", within: String(queryOf({ number, from: day ?? from, to: day ?? to, site, ...narrowed })) });
}
