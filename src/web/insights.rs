//! The company's numbers over HTTP, for leads and admins: as data, and as a table for a spreadsheet.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::House;
use super::error::WebError;
use super::history::{bad, caught_up};
use super::session::{login, of_rank};
use crate::ids::{Lang, Role, SiteId, Stage, Style, Timestamp};
use crate::insights::figures::{Asked, Behind, Middle, Number, Report, Share};

/// Days that are shown where nobody says: four weeks.
const DAYS: i32 = 28;
/// What stands for "has none" in place of a touchpoint, a stage or a topic.
const NONE: &str = "none";

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/v1/insights", web::get().to(insights));
}

/// As it comes: an empty field is one that was not filled in.
#[derive(Deserialize, Default)]
pub(super) struct Period {
    from: Option<String>,
    to: Option<String>,
    site: Option<String>,
    touchpoint: Option<String>,
    stage: Option<String>,
    format: Option<String>,
}

/// Which number is to be opened.
#[derive(Deserialize)]
pub(super) struct Opened {
    number: Option<String>,
    matter: Option<String>,
    of_team: Option<String>,
    hour: Option<String>,
}

/// What is known of a topic's reading, beside what became of its sessions.
#[derive(Serialize, Default)]
struct Accuracy {
    /// Tests of its file that pass.
    tests_passed: u32,
    /// Tests.
    tests: u32,
    /// Of its examples, those that an engine reads rightly that was not shown them.
    examples: Option<Share>,
    /// Of its answers in the last 30 days, those that visitors did not disown.
    kept: Option<Share>,
}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    report: Report,
    /// The time zone in which days begin and hours are read.
    time_zone: String,
    /// The fold is still behind after a start: something may be missing.
    catching_up: bool,
    /// The first and the last day that there is anything of.
    span: Option<(Date, Date)>,
    sites: Vec<SiteId>,
    /// Names by id, in the reader's language.
    touchpoints: BTreeMap<String, String>,
    topics_named: BTreeMap<String, String>,
    teams_named: BTreeMap<String, String>,
    /// By topic.
    accuracy: BTreeMap<String, Accuracy>,
    /// It is still being measured.
    measuring: bool,
}

fn given(field: Option<String>) -> Option<String> {
    let field = field.map(|field| field.trim().to_owned());
    field.filter(|field| !field.is_empty())
}

fn named<T: std::str::FromStr>(field: Option<String>) -> Result<Option<T>, T::Err> {
    given(field).map(|field| field.parse()).transpose()
}

/// `none`, or a word of its kind.
fn or_none<T: std::str::FromStr>(field: Option<String>) -> Result<Option<Option<T>>, T::Err> {
    let field = given(field);
    field
        .map(|field| (field != NONE).then(|| field.parse()).transpose())
        .transpose()
}

/// Reads a period; `today` is its last day where nobody says.
pub(super) fn asked(lang: &Lang, today: Date, period: Period) -> Result<Asked, WebError> {
    let day = |field: Option<String>| {
        named::<Date>(field).map_err(|_malformed| {
            let es = "La fecha se escribe AAAA-MM-DD, por ejemplo 2026-11-23.";
            let en = "A date is written YYYY-MM-DD, 2026-11-23 for example.";
            bad(lang, "bad_date", es, en)
        })
    };
    let (from, to) = (day(period.from)?, day(period.to)?);
    let to = to.unwrap_or(today);
    let four_weeks = to.checked_sub(jiff::Span::new().days(DAYS - 1));
    let from = from.unwrap_or_else(|| four_weeks.unwrap_or(to));
    if from > to {
        let es = "La primera fecha es posterior a la última.";
        let en = "The first date is after the last one.";
        return Err(bad(lang, "bad_range", es, en));
    }
    let site = named::<SiteId>(period.site).map_err(|_malformed| {
        bad(
            lang,
            "bad_site",
            "Ese sitio no existe.",
            "There is no such site.",
        )
    })?;
    let stage = or_none::<Stage>(period.stage).map_err(|_unknown| {
        let es = "Esa etapa no existe. Las que hay: awareness, consideration, purchase, use, loyalty, none.";
        let en = "There is no such stage. The stages are: awareness, consideration, purchase, use, loyalty, none.";
        bad(lang, "bad_stage", es, en)
    })?;
    let touchpoint = given(period.touchpoint).map(|one| (one != NONE).then_some(one));
    Ok(Asked {
        from,
        to,
        site,
        touchpoint,
        stage,
    })
}

/// The number that is to be opened, where one is.
pub(super) fn behind(lang: &Lang, of: Asked, opened: Opened) -> Result<Option<Behind>, WebError> {
    let Some(number) = given(opened.number) else {
        return Ok(None);
    };
    let wrong = |_| {
        let es = "Ese número no existe: hay que abrirlo desde la página de resultados.";
        let en = "There is no such number: open it from the page of insights.";
        bad(lang, "bad_number", es, en)
    };
    Ok(Some(Behind {
        number: number.parse::<Number>().map_err(wrong)?,
        of,
        matter: or_none(opened.matter).map_err(wrong)?,
        team: named(opened.of_team).map_err(wrong)?,
        hour: (given(opened.hour))
            .map(|hour| hour.parse::<u8>().ok().filter(|hour| *hour < 24).ok_or(()))
            .transpose()
            .map_err(|()| wrong(crate::ids::ParseError::Malformed))?,
    }))
}

/// Brings the figures up to this moment: what was folded is counted, and who has not come back by now has been helped.
pub(super) fn settled(house: &House, now: Timestamp) {
    house.figures.write().settle(now);
}

async fn insights(
    house: web::Data<House>,
    request: HttpRequest,
    query: web::Query<Period>,
) -> Result<HttpResponse, WebError> {
    let login = login(&house, &request).await?;
    of_rank(&login, Role::Lead)?;
    let lang = login.account.lang;
    let query = query.into_inner();
    let csv = match query.format.as_deref() {
        None | Some("" | "json") => false,
        Some("csv") => true,
        Some(_) => {
            let es = "Los formatos son json y csv.";
            return Err(bad(
                &lang,
                "bad_format",
                es,
                "The formats are json and csv.",
            ));
        }
    };
    let catching_up = !caught_up(&house).await;
    let now = house.engine.now();
    let inner = house.clone();
    let reader = lang.clone();
    // Counting what has changed and adding up a year takes milliseconds that belong to others.
    let counted = web::block(move || {
        settled(&inner, now);
        let figures = inner.figures.read();
        let asked = asked(&reader, figures.day_at(now), query)?;
        let (report, span) = (figures.report(&asked), figures.span());
        Ok::<_, WebError>((report, span, figures.zone()))
    });
    let (report, span, time_zone) = counted
        .await
        .map_err(|why| WebError::Internal(why.to_string()))??;
    if csv {
        let name = format!(
            "attachment; filename=\"insights-{}-{}.csv\"",
            report.from, report.to
        );
        let body = table(&report).map_err(|why| WebError::Internal(why.to_string()))?;
        return Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::CONTENT_DISPOSITION, name))
            .content_type("text/csv; charset=utf-8")
            .body(body));
    }
    let live = house.engine.live();
    let catalog = &live.catalog;
    let word = |text: &crate::topics::Text| text.for_reader(&lang, Style::Warm).to_owned();
    let touchpoints = catalog.journey.touchpoints.iter();
    let (accuracy, measuring) = accuracy(&house);
    let answer = Answer {
        report,
        time_zone,
        catching_up,
        span,
        sites: catalog.assistant.sites.keys().cloned().collect(),
        touchpoints: touchpoints
            .map(|one| (one.id.to_string(), word(&one.name)))
            .collect(),
        topics_named: (catalog.topics.iter())
            .map(|(id, topic)| (id.to_string(), word(&topic.title)))
            .collect(),
        teams_named: (catalog.teams.iter())
            .map(|(id, team)| (id.to_string(), word(&team.name)))
            .collect(),
        accuracy,
        measuring,
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(answer))
}

/// How well each topic is read, over its languages.
fn accuracy(house: &House) -> (BTreeMap<String, Accuracy>, bool) {
    let (health, measuring) = house.inbox.health();
    let mut of: BTreeMap<String, (Accuracy, [u32; 4])> = BTreeMap::new();
    for one in health {
        let (accuracy, sums) = of.entry(one.topic.to_string()).or_default();
        accuracy.tests += one.tests;
        accuracy.tests_passed += one.tests_passed.unwrap_or(0);
        let asked = one.asked.unwrap_or(0);
        let kept = one.used_30.saturating_sub(one.disowned);
        for (sum, by) in sums
            .iter_mut()
            .zip([one.right.unwrap_or(0), asked, kept, one.used_30])
        {
            *sum += by;
        }
    }
    let of = of
        .into_iter()
        .map(|(topic, (accuracy, [right, asked, kept, used]))| {
            let accuracy = Accuracy {
                examples: (asked > 0).then(|| Share::of(right, asked)),
                kept: (used > 0).then(|| Share::of(kept, used)),
                ..accuracy
            };
            (topic, accuracy)
        });
    (of.collect(), measuring)
}

/// The numbers as rows of one shape: table, what of, measure, and the figure with what it rests on.
fn table(report: &Report) -> anyhow::Result<Vec<u8>> {
    let mut rows = Rows(csv::Writer::from_writer(Vec::new()));
    rows.0.write_record([
        "table", "of", "and", "measure", "count", "out_of", "value", "low", "high",
    ])?;
    for (name, count) in &report.counts {
        rows.count("counts", "", "", name, *count)?;
    }
    for (name, share) in &report.shares {
        rows.share("shares", "", "", name, share)?;
    }
    for (name, middle) in [
        ("turns", report.turns),
        ("wait_seconds", report.wait),
        ("left_after_seconds", report.left_after),
    ] {
        rows.middle("medians", "", name, middle)?;
    }
    rows.promises("promises", "", &report.promises)?;
    for point in &report.trend {
        let day = point.day.to_string();
        for (name, count) in [
            ("sessions", point.sessions),
            ("ended", point.ended),
            ("solved", point.solved),
            ("gave_up", point.gave_up),
            ("person", point.person),
            ("troubled", point.troubled),
            ("answered", point.answered),
            ("opinion_positive", point.positive),
        ] {
            rows.count("trend", &day, "", name, count)?;
        }
    }
    let word = |word: &Option<String>| word.clone().unwrap_or_else(|| NONE.to_owned());
    for cell in &report.places {
        let (of, stage) = (
            word(&cell.touchpoint),
            cell.stage.map_or(NONE, Stage::as_str),
        );
        rows.count("places", &of, stage, "sessions", cell.sessions)?;
        rows.share("places", &of, stage, "troubled", &cell.troubled)?;
        let verdict = serde_json::to_value(cell.verdict)?;
        let verdict = format!("verdict_{}", verdict.as_str().unwrap_or_default());
        rows.count("places", &of, stage, &verdict, 1)?;
    }
    for hour in &report.hours {
        let (of, at) = (word(&hour.touchpoint), hour.hour.to_string());
        for (name, count) in [
            ("sessions", hour.sessions),
            ("person", hour.person),
            ("attended", hour.attended),
            ("abandoned", hour.abandoned),
        ] {
            rows.count("hours", &of, &at, name, count)?;
        }
        rows.share("hours", &of, &at, "troubled", &hour.troubled)?;
    }
    for (hour, agents) in report.staff.iter().enumerate() {
        let (hour, agents) = (hour.to_string(), format!("{agents:.3}"));
        rows.0
            .write_record(["staff", &hour, "", "agents_a_day", "", "", &agents, "", ""])?;
    }
    for topic in &report.topics {
        let of = topic
            .topic
            .as_ref()
            .map_or(NONE, crate::ids::TopicId::as_str);
        rows.count("topics", of, "", "used", topic.used)?;
        rows.count("topics", of, "", "sessions", topic.sessions)?;
        for (name, share) in [
            ("solved", &topic.solved),
            ("gave_up", &topic.gave_up),
            ("person", &topic.person),
            ("first_contact", &topic.first_resolved),
            ("positive", &topic.positive),
            ("troubled", &topic.troubled),
        ] {
            rows.share("topics", of, "", name, share)?;
        }
        rows.middle("topics", of, "turns", topic.turns)?;
    }
    for team in &report.teams {
        let of = team.team.as_str();
        rows.count("teams", of, "", "sessions", team.sessions)?;
        for (name, share) in [
            ("attended", &team.attended),
            ("abandoned", &team.abandoned),
            ("response_met", &team.response_met),
            ("resolution_met", &team.resolution_met),
            ("positive", &team.positive),
        ] {
            rows.share("teams", of, "", name, share)?;
        }
        rows.middle("teams", of, "wait_seconds", team.wait)?;
        rows.promises("team_promises", of, &team.promises)?;
    }
    for form in &report.forms {
        let of = form.topic.as_str();
        rows.share("forms", of, "", "finished", &form.finished)?;
        rows.count("forms", of, "", "open", form.open)?;
        for step in &form.steps {
            rows.share("forms", of, &step.step, "left", &step.left)?;
        }
    }
    for question in &report.questions {
        let of = question.question.as_str();
        for (name, share) in [
            ("answered", &question.answered),
            ("up", &question.up),
            ("middle", &question.middle),
            ("down", &question.down),
        ] {
            rows.share("questions", of, "", name, share)?;
        }
    }
    Ok(rows.0.into_inner()?)
}

struct Rows(csv::Writer<Vec<u8>>);

impl Rows {
    fn count(
        &mut self,
        table: &str,
        of: &str,
        and: &str,
        measure: &str,
        count: u32,
    ) -> csv::Result<()> {
        let count = count.to_string();
        self.0
            .write_record([table, of, and, measure, &count, "", "", "", ""])
    }

    fn share(
        &mut self,
        table: &str,
        of: &str,
        and: &str,
        measure: &str,
        share: &Share,
    ) -> csv::Result<()> {
        let value = share
            .value
            .map_or_else(String::new, |value| format!("{value:.4}"));
        let (low, high) = (format!("{:.4}", share.low), format!("{:.4}", share.high));
        let (part, all) = (share.part.to_string(), share.of.to_string());
        self.0
            .write_record([table, of, and, measure, &part, &all, &value, &low, &high])
    }

    fn middle(&mut self, table: &str, of: &str, measure: &str, middle: Middle) -> csv::Result<()> {
        let word = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
        let count = middle.of.to_string();
        let median = format!("median_{measure}");
        self.0.write_record([
            table,
            of,
            "",
            &median,
            &count,
            "",
            &word(middle.median),
            &word(middle.low),
            &word(middle.high),
        ])?;
        let p90 = format!("p90_{measure}");
        self.0
            .write_record([table, of, "", &p90, &count, "", &word(middle.p90), "", ""])
    }

    fn promises(
        &mut self,
        table: &str,
        of: &str,
        promises: &crate::insights::figures::Promises,
    ) -> csv::Result<()> {
        for (name, count) in [
            ("made", promises.made),
            ("in_time", promises.in_time),
            ("late", promises.late),
            ("open", promises.open),
            ("overdue", promises.overdue),
            ("warned", promises.warned),
            ("moved", promises.moved),
        ] {
            self.count(table, of, "", name, count)?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn period(from: &str, to: &str, stage: &str) -> Period {
        Period {
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
            stage: Some(stage.to_owned()),
            ..Period::default()
        }
    }

    #[test]
    fn a_period_is_four_weeks_until_today_where_nobody_says() {
        let today = jiff::civil::date(2026, 11, 22);
        let lang = Lang::es();
        let four = asked(&lang, today, Period::default()).unwrap();
        assert_eq!(
            (four.from, four.to),
            (jiff::civil::date(2026, 10, 26), today)
        );
        let one = asked(&lang, today, period("2026-01-01", " ", "none")).unwrap();
        assert_eq!(
            (one.from, one.stage),
            (jiff::civil::date(2026, 1, 1), Some(None))
        );
        for (from, to, stage, code) in [
            ("1/2/2026", "", "", "bad_date"),
            ("2026-02-02", "2026-02-01", "", "bad_range"),
            ("", "", "later", "bad_stage"),
        ] {
            let refused = asked(&lang, today, period(from, to, stage)).unwrap_err();
            assert_eq!(refused.code(), code);
        }
    }

    #[test]
    fn every_row_of_the_table_has_every_column() {
        let figures = crate::insights::figures::Figures::default();
        let today = jiff::civil::date(2026, 11, 22);
        let asked = asked(&Lang::es(), today, Period::default()).unwrap();
        let table = table(&figures.report(&asked)).unwrap();
        let mut reader = csv::Reader::from_reader(table.as_slice());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(
            rows.iter()
                .any(|row| &row[3] == "gave_up" && &row[4] == "0")
        );
        assert!(rows.len() > 60, "{}", rows.len());
    }
}
