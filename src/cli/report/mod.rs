//! `ventanilla report`: the service-quality report of a period, as Markdown, as a page, or as data.

mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use jiff::civil::Date;

use super::check;
use super::operator::{locale, said};
use super::options::Options;
use crate::admin_socket::{Request, asked};
use crate::ids::{Lang, SiteId};
use crate::insights::figures::{Middle, Share};
use crate::insights::{Figure, QualityReport, Rules};
use crate::web::main_site;

/// Counts a service-quality report from everything that is stored: answered in the customer's language, a person on request, case codes, time to resolve
/// in working days, outcomes, opinions; each figure with what it rests on and how it is counted. Works beside a running server.
///
/// Modelled on Spain's Ley 10/2025; whether it is what the law asks of a company has to be confirmed by a lawyer.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    options: Options,
    /// The first day, YYYY-MM-DD.
    #[arg(long)]
    from: Date,
    /// The last day, YYYY-MM-DD.
    #[arg(long)]
    to: Date,
    /// Of this site only.
    #[arg(long)]
    site: Option<SiteId>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Md)]
    format: Format,
    /// Language of the report: `es` or `en`; that of the shell where none is given.
    #[arg(long)]
    lang: Option<Lang>,
    /// File to write; the standard output where none is given.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Markdown.
    Md,
    /// A page.
    Html,
    /// Data.
    Json,
}

pub(super) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.options.config()?;
    let lang = args.lang.unwrap_or_else(locale);
    if args.from > args.to {
        bail!(said(
            &lang,
            "--from es posterior a --to",
            "--from is after --to"
        ));
    }
    check::must_be_folder(&config.intents, &lang)?;
    let Some(catalog) = check::read(&config.intents).catalog else {
        bail!(said(
            &lang,
            "los archivos de temas tienen errores, y de ellos salen horarios y objetivos: véase ventanilla check",
            "the topic files have errors, and hours and targets come from them: see ventanilla check"
        ));
    };
    let rules = Rules::of(&catalog, main_site(&config, &catalog).as_ref());
    let request = Request::Report {
        rules,
        from: args.from,
        to: args.to,
        site: args.site,
    };
    super::block_on(async {
        let report: QualityReport = serde_json::from_value(asked(&config, request).await?)?;
        let text = match args.format {
            Format::Json => serde_json::to_string_pretty(&report)? + "\n",
            Format::Md => markdown(&report, &lang),
            Format::Html => page(&report, &lang),
        };
        match &args.out {
            None => print!("{text}"),
            Some(path) => std::fs::write(path, text)
                .with_context(|| format!("cannot write {}", path.display()))?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn percent(share: f64, lang: &Lang) -> String {
    let value = format!("{:.1}", share * 100.0);
    said(
        lang,
        format!("{} %", value.replace('.', ",")),
        format!("{value}%"),
    )
}

fn share_in_words(share: &Share, lang: &Lang) -> (String, String) {
    let Share { part, of, .. } = *share;
    if of == 0 {
        return (
            "—".to_owned(),
            said(lang, "ningún caso", "no cases").to_owned(),
        );
    }
    let between = said(
        lang,
        format!(
            "entre {} y {}",
            percent(share.low, lang),
            percent(share.high, lang)
        ),
        format!(
            "between {} and {}",
            percent(share.low, lang),
            percent(share.high, lang)
        ),
    );
    let parts = said(lang, format!("{part} de {of}"), format!("{part} of {of}"));
    match share.value {
        Some(value) => (percent(value, lang), format!("{parts}; {between}")),
        None => (parts, between),
    }
}

fn seconds_in_words(middle: &Middle, lang: &Lang) -> (String, String) {
    let n = said(
        lang,
        format!("{} casos", middle.of),
        format!("{} cases", middle.of),
    );
    let (Some(median), Some(low), Some(high), Some(p90)) =
        (middle.median, middle.low, middle.high, middle.p90)
    else {
        let few = said(lang, "pocos casos", "too few cases");
        return ("—".to_owned(), format!("{n}: {few}"));
    };
    let rests = said(
        lang,
        format!("{n}; entre {low} y {high} s; nueve de cada diez, {p90} s o menos"),
        format!("{n}; between {low} and {high} s; nine in ten {p90} s or less"),
    );
    (format!("{median} s"), rests)
}

/// A figure, and what it rests on.
fn in_words(figure: &Figure, lang: &Lang) -> (String, String) {
    match figure {
        Figure::Count { count } => (count.to_string(), String::new()),
        Figure::Share(share) => share_in_words(share, lang),
        Figure::Seconds(middle) => seconds_in_words(middle, lang),
    }
}

/// Title, figure, what it rests on, how it is counted.
type Row = [String; 4];

fn rows(report: &QualityReport, lang: &Lang) -> Vec<Row> {
    let row = |(name, figure): &(String, Figure)| {
        let (title, how) = words::of(name, lang);
        let (value, rests) = in_words(figure, lang);
        [title.to_owned(), value, rests, how.to_owned()]
    };
    report.figures.iter().map(row).collect()
}

fn period(report: &QualityReport, lang: &Lang) -> String {
    let QualityReport {
        from,
        to,
        time_zone,
        ..
    } = report;
    let site = (report.site.as_ref()).map_or_else(String::new, |site| {
        said(
            lang,
            format!(" Solo el sitio {site}."),
            format!(" Site {site} only."),
        )
    });
    let span = report.span.map_or_else(String::new, |(first, last)| {
        said(
            lang,
            format!(" Hay datos del {first} al {last}."),
            format!(" There is data from {first} to {last}."),
        )
    });
    said(
        lang,
        format!("Del {from} al {to}, ambos incluidos, en la hora de {time_zone}.{site}{span}"),
        format!("{from} to {to}, both included, in {time_zone} time.{site}{span}"),
    )
}

fn markdown(report: &QualityReport, lang: &Lang) -> String {
    let mut out = format!(
        "# {}\n\n{}\n\n> {}\n\n",
        words::title(lang),
        period(report, lang),
        words::caution(lang)
    );
    let heads = words::heads(lang);
    out.push_str(&format!("| {} |\n|---|---|---|---|\n", heads.join(" | ")));
    for row in rows(report, lang) {
        out.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    out.push_str(&format!("\n{}\n", words::audit(lang)));
    out
}

fn page(report: &QualityReport, lang: &Lang) -> String {
    let safe = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let cells = |tag: &str, row: &[String]| -> String {
        row.iter()
            .map(|cell| format!("<{tag}>{}</{tag}>", safe(cell)))
            .collect()
    };
    let heads = words::heads(lang).map(str::to_owned);
    let body: String = rows(report, lang)
        .iter()
        .map(|row| format!("<tr>{}</tr>\n", cells("td", row)))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}}table{{border-collapse:collapse;width:100%}}\
         th,td{{border-bottom:1px solid #bbb;padding:.4rem .6rem;text-align:start;vertical-align:top}}td:nth-child(2){{white-space:nowrap;font-weight:600}}\
         .caution{{border-left:4px solid #7a4a00;padding-left:1rem}}</style>\n\
         <h1>{title}</h1>\n<p>{}</p>\n<p class=\"caution\">{}</p>\n<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n<p>{}</p>\n</html>\n",
        lang.base(),
        safe(&period(report, lang)),
        safe(words::caution(lang)),
        cells("th", &heads),
        safe(words::audit(lang)),
        title = safe(words::title(lang)),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::insights::figures::{Asked, Figures};

    fn empty() -> QualityReport {
        let asked = Asked {
            from: "2026-01-01".parse().unwrap(),
            to: "2026-12-31".parse().unwrap(),
            site: None,
            touchpoint: None,
            stage: None,
        };
        QualityReport::of(&Figures::default(), &Rules::default(), &asked, asked.to)
    }

    #[test]
    fn every_figure_has_a_title_and_a_rule_in_both_languages() {
        for lang in [Lang::es(), Lang::en()] {
            for (name, _) in empty().figures {
                let (title, how) = words::of(&name, &lang);
                assert!(title != "?" && !how.is_empty(), "{name} in {lang}");
            }
        }
    }

    #[test]
    fn the_report_says_that_a_lawyer_has_to_confirm_it() {
        let es = markdown(&empty(), &Lang::es());
        assert!(es.contains("a confirmar por un abogado"), "{es}");
        assert!(es.contains("| — | ningún caso |"), "{es}");
        let en = page(&empty(), &Lang::en());
        assert!(en.contains("to be confirmed by a lawyer") && en.starts_with("<!doctype html>"));
    }

    #[test]
    fn a_share_is_told_with_its_interval_and_few_cases_without_a_percentage() {
        let told = |part, of| share_in_words(&Share::of(part, of), &Lang::es());
        assert_eq!(told(90, 100).0, "90,0 %");
        assert_eq!(told(90, 100).1, "90 de 100; entre 82,6 % y 94,5 %");
        assert_eq!(told(3, 8).0, "3 de 8");
    }
}
