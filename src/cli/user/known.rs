//! The names that people can be given: the teams, skills and languages of the running server, or of the topic files when none runs. Whoever is
//! given a name that is none would never get anybody for it.

use std::fmt::Display;

use anyhow::bail;

use super::super::check;
use super::super::operator::said;
use crate::accounts::CAPACITY;
use crate::admin_socket::{Names, running_names};
use crate::config::{Config, nearest};
use crate::ids::{Lang, SkillId, TeamId};

/// The names, and the language in which a wrong one is refused.
pub(super) struct Known<'a> {
    names: Names,
    reader: &'a Lang,
}

impl<'a> Known<'a> {
    /// # Errors
    /// When the server does not answer, or no server runs and the topic files have errors.
    pub(super) async fn ask(config: &Config, reader: &'a Lang) -> anyhow::Result<Self> {
        let names = match running_names(config).await? {
            Some(names) => names,
            None => of_files(config, reader)?,
        };
        Ok(Self { names, reader })
    }

    /// # Errors
    /// The first that is no team, in a sentence.
    pub(super) fn teams(&self, given: &[String]) -> Result<Vec<TeamId>, String> {
        self.each(given, &self.names.teams, |team| {
            said(
                self.reader,
                format!("no hay ningún equipo {team} en teams.yaml."),
                format!("there is no team {team} in teams.yaml."),
            )
        })
    }

    /// # Errors
    /// The first that is no skill, in a sentence.
    pub(super) fn skills(&self, given: &[String]) -> Result<Vec<SkillId>, String> {
        self.each(given, &self.names.skills, |skill| {
            said(
                self.reader,
                format!("no hay ninguna habilidad {skill} en teams.yaml."),
                format!("there is no skill {skill} in teams.yaml."),
            )
        })
    }

    /// A region does not count: who answers in Spanish answers all of it.
    ///
    /// # Errors
    /// The first that the assistant does not speak, in a sentence.
    pub(super) fn languages(&self, given: &[String]) -> Result<Vec<Lang>, String> {
        let bases: Vec<String> = given
            .iter()
            .map(|name| match name.parse::<Lang>() {
                Ok(lang) => lang.base().to_string(),
                Err(_) => name.clone(),
            })
            .collect();
        self.each(&bases, &self.names.languages, |lang| {
            said(
                self.reader,
                format!("el asistente no habla {lang}."),
                format!("the assistant does not speak {lang}."),
            )
        })
    }

    fn each<T: Clone + Display>(
        &self,
        given: &[String],
        known: &[T],
        unknown: impl Fn(&str) -> String,
    ) -> Result<Vec<T>, String> {
        let names: Vec<String> = known.iter().map(ToString::to_string).collect();
        let find = |name: &String| {
            let place = names.iter().position(|known| known == name);
            let found = place.and_then(|place| known.get(place)).cloned();
            found.ok_or_else(|| format!("{}{}", unknown(name), self.instead(name, &names)))
        };
        given.iter().map(find).collect()
    }

    /// The name that was probably meant, and those that there are.
    fn instead(&self, name: &str, names: &[String]) -> String {
        let meant = nearest(name, names.iter().map(String::as_str));
        let meant = meant.map_or_else(String::new, |meant| {
            said(
                self.reader,
                format!(" ¿Era {meant}?"),
                format!(" Did you mean {meant}?"),
            )
        });
        let there = names.join(", ");
        let there = match (names.is_empty(), self.reader) {
            (true, reader) => said(reader, " No hay ninguno", " There are none").to_owned(),
            (false, reader) => said(
                reader,
                format!(" Hay: {there}"),
                format!(" There are: {there}"),
            ),
        };
        meant + &there
    }
}

/// A capacity as typed.
///
/// # Errors
/// In a sentence, where it is no number or none that anybody can have.
pub(super) fn capacity(typed: &str, reader: &Lang) -> Result<u32, String> {
    let number = typed.parse().ok().filter(|most| CAPACITY.contains(most));
    number.ok_or_else(|| format!("{}: {typed:?}", no_capacity(reader).trim_end_matches('.')))
}

/// What a capacity is.
pub(super) fn no_capacity(reader: &Lang) -> String {
    let (least, most) = (CAPACITY.start(), CAPACITY.end());
    said(
        reader,
        format!("la capacidad es un número de {least} a {most}"),
        format!("a capacity is a number from {least} to {most}"),
    )
}

fn of_files(config: &Config, reader: &Lang) -> anyhow::Result<Names> {
    let folder = &config.intents;
    check::must_be_folder(folder, reader)?;
    match check::read(folder).catalog {
        Some(catalog) => Ok(Names::of(&catalog)),
        None => {
            let shown = folder.display();
            bail!(said(
                reader,
                format!(
                    "equipos, habilidades e idiomas se comparan con los archivos de {shown}, que tienen errores: `ventanilla check {shown}` los nombra"
                ),
                format!(
                    "teams, skills and languages are compared with the files in {shown}, which have errors: `ventanilla check {shown}` names them"
                ),
            ))
        }
    }
}
