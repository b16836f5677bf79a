//! A list of people in a CSV file, as a spreadsheet saves it: which column is what, which line is wrong and why.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};

use super::super::operator::said;
use super::known::{Known, capacity, no_capacity};
use crate::accounts::{Change, ListFault, Listed};
use crate::config::nearest;
use crate::ids::{Lang, Role};

/// A list of people is never longer: some ten thousand.
const FILE_MAX: u64 = 1 << 20;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Email,
    Name,
    Role,
    Teams,
    Skills,
    Languages,
    Capacity,
}

/// The columns by the words of a head line, the first of each as it is shown.
const COLUMNS: [(&[&str], Column); 7] = [
    (&["name", "nombre"], Column::Name),
    (
        &["email", "login", "correo", "e-mail", "mail"],
        Column::Email,
    ),
    (&["role", "rol"], Column::Role),
    (&["teams", "team", "equipos", "equipo"], Column::Teams),
    (
        &["languages", "language", "idiomas", "idioma"],
        Column::Languages,
    ),
    (
        &["skills", "skill", "habilidades", "habilidad"],
        Column::Skills,
    ),
    (&["capacity", "capacidad"], Column::Capacity),
];

/// Somebody on the list, and the line on which they begin.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) listed: Listed,
}

/// What is wrong on a line, for the reader.
pub(super) type Fault = (usize, String);

/// What a file holds: all its rows as far as they can be read, and what is wrong with them.
#[derive(Debug, Default)]
pub(super) struct Roster {
    pub(super) rows: Vec<Row>,
    pub(super) faults: Vec<Fault>,
}

/// Reads a file.
///
/// # Errors
/// When there is none or it is no list at all; what is wrong with single lines is in the [`Roster`].
pub(super) fn read(path: &Path, known: &Known<'_>, reader: &Lang) -> anyhow::Result<Roster> {
    let shown = path.display();
    let file = std::fs::File::open(path).with_context(|| {
        said(
            reader,
            format!("no se puede leer {shown}"),
            format!("cannot read {shown}"),
        )
    })?;
    let mut bytes = Vec::new();
    file.take(FILE_MAX + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_MAX {
        let most = FILE_MAX >> 10;
        bail!(said(
            reader,
            format!("{shown} pasa de {most} KiB: ninguna lista de personas es tan larga"),
            format!("{shown} is larger than {most} KiB: no list of people is that long"),
        ));
    }
    Ok(match std::str::from_utf8(&bytes) {
        Ok(text) => parse(text.strip_prefix('\u{feff}').unwrap_or(text), known, reader),
        Err(broken) => {
            let before = bytes.iter().take(broken.valid_up_to());
            let line = before.filter(|byte| **byte == b'\n').count() + 1;
            let why = said(
                reader,
                "el archivo no está en UTF-8: en Excel se elige al guardar, «CSV UTF-8»",
                "the file is not UTF-8: Excel asks when saving, “CSV UTF-8”",
            );
            Roster {
                faults: vec![(line, why.to_owned())],
                ..Roster::default()
            }
        }
    })
}

/// Reads a text. Cells are separated by commas, semicolons (as Excel in Spanish does) or tabs, whatever the head line has.
fn parse(text: &str, known: &Known<'_>, reader: &Lang) -> Roster {
    let mut roster = Roster::default();
    let head = text.lines().next().unwrap_or_default();
    let separator = [b';', b'\t']
        .into_iter()
        .find(|sign| head.as_bytes().contains(sign))
        .unwrap_or(b',');
    let mut csv = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = match csv.headers() {
        Ok(head) => columns(head, reader),
        Err(why) => Err(why.to_string()),
    };
    let columns = match columns {
        Ok(columns) => columns,
        Err(why) => {
            roster.faults.push((1, why));
            return roster;
        }
    };
    let mut lines = Lines::of(text);
    let mut record = csv::StringRecord::new();
    loop {
        match csv.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => {
                let at = why.position().map_or(0, csv::Position::byte);
                roster.faults.push((lines.at(at), why.to_string()));
                break;
            }
        }
        if record.iter().all(str::is_empty) {
            continue;
        }
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        let surplus = record.iter().skip(columns.len());
        if record.len() < columns.len() || !surplus.into_iter().all(str::is_empty) {
            let (found, wanted) = (record.len(), columns.len());
            let why = said(
                reader,
                format!(
                    "tiene {found} celdas y la primera línea, {wanted}: ¿falta una comilla o un separador?"
                ),
                format!(
                    "it has {found} cells and the header line has {wanted}: is a quote or a separator missing?"
                ),
            );
            roster.faults.push((line, why));
            continue;
        }
        let (listed, faults) = somebody(&columns, &record, known, reader);
        roster
            .faults
            .extend(faults.into_iter().map(|why| (line, why)));
        roster.rows.push(Row { line, listed });
    }
    if roster.rows.is_empty() && roster.faults.is_empty() {
        let why = said(reader, "la lista está vacía", "the list is empty");
        roster.faults.push((1, why.to_owned()));
    }
    roster
}

/// What each cell of the head line says, in order.
///
/// # Errors
/// What is wrong with the head line.
fn columns(head: &csv::StringRecord, reader: &Lang) -> Result<Vec<Column>, String> {
    let names: Vec<&str> = COLUMNS
        .iter()
        .filter_map(|(names, _)| names.first().copied())
        .collect();
    let mut columns = Vec::new();
    for cell in head {
        let word = cell.to_lowercase();
        let found = COLUMNS
            .iter()
            .find(|(names, _)| names.contains(&word.as_str()));
        let Some((_, column)) = found else {
            let all = COLUMNS.iter().flat_map(|(names, _)| names.iter().copied());
            let meant = nearest(&word, all).map_or_else(String::new, |meant| {
                said(
                    reader,
                    format!(" ¿Era {meant}?"),
                    format!(" Did you mean {meant}?"),
                )
            });
            let names = names.join(", ");
            return Err(said(
                reader,
                format!("no hay ninguna columna {cell:?}.{meant} Hay: {names}"),
                format!("there is no column {cell:?}.{meant} There are: {names}"),
            ));
        };
        if columns.contains(column) {
            return Err(said(
                reader,
                format!("la columna {cell} aparece dos veces"),
                format!("the column {cell} appears twice"),
            ));
        }
        columns.push(*column);
    }
    for (wanted, name) in [(Column::Name, "name"), (Column::Email, "email")] {
        if !columns.contains(&wanted) {
            return Err(said(
                reader,
                format!("falta la columna {name}"),
                format!("the column {name} is missing"),
            ));
        }
    }
    Ok(columns)
}

/// What a line says of somebody. A column that is not there changes nothing; nor does an empty role or capacity. An empty list is no team, skill
/// or language in particular.
fn somebody(
    columns: &[Column],
    cells: &csv::StringRecord,
    known: &Known<'_>,
    reader: &Lang,
) -> (Listed, Vec<String>) {
    let mut email = String::new();
    let mut change = Change::default();
    let mut faults = Vec::new();
    for (column, cell) in columns.iter().zip(cells) {
        let result = match column {
            Column::Email => {
                cell.clone_into(&mut email);
                Ok(())
            }
            Column::Name => {
                change.name = Some(cell.to_owned());
                Ok(())
            }
            Column::Teams => known
                .teams(&names(cell))
                .map(|teams| change.teams = Some(teams)),
            Column::Skills => known
                .skills(&names(cell))
                .map(|skills| change.skills = Some(skills)),
            Column::Languages => known
                .languages(&names(cell))
                .map(|languages| change.languages = Some(languages)),
            Column::Role | Column::Capacity if cell.is_empty() => Ok(()),
            Column::Role => role(cell, reader).map(|role| change.role = Some(role)),
            Column::Capacity => capacity(cell, reader).map(|most| change.capacity = Some(most)),
        };
        faults.extend(result.err());
    }
    (Listed { email, change }, faults)
}

/// The names of a cell.
fn names(cell: &str) -> Vec<String> {
    cell.split([';', ',', '|'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn role(cell: &str, reader: &Lang) -> Result<Role, String> {
    cell.to_lowercase().parse().map_err(|_unknown| {
        said(
            reader,
            format!("{cell:?} no es un rol: es agent, lead o admin"),
            format!("{cell:?} is not a role: it is agent, lead or admin"),
        )
    })
}

/// What is wrong with a row, in words.
pub(super) fn worded(fault: &ListFault, row: &Row, rows: &[Row], reader: &Lang) -> String {
    match fault {
        ListFault::Email => {
            let email = &row.listed.email;
            said(
                reader,
                format!("{email:?} no es una dirección de correo"),
                format!("{email:?} is not an e-mail address"),
            )
        }
        ListFault::Name => said(
            reader,
            "falta el nombre, o pasa de 60 caracteres",
            "a name is needed, of at most 60 characters",
        )
        .to_owned(),
        ListFault::Capacity => no_capacity(reader),
        ListFault::Twice { first } => {
            let line = rows.get(*first).map_or(0, |row| row.line);
            said(
                reader,
                format!("esta dirección ya está en la línea {line}"),
                format!("this address is already on line {line}"),
            )
        }
        ListFault::LastAdmin => said(
            reader,
            "así no quedaría nadie como admin",
            "this would leave nobody as admin",
        )
        .to_owned(),
    }
}

/// Line numbers of rising places in a text: a record's own number counts neither the empty lines before it nor, always, the end of the last one.
struct Lines<'a> {
    bytes: &'a [u8],
    place: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            place: 0,
            line: 1,
        }
    }

    /// The line on which the first thing after this place stands.
    fn at(&mut self, byte: u64) -> usize {
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(byte) = self.bytes.get(self.place) {
            if self.place >= from && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += usize::from(*byte == b'\n');
            self.place += 1;
        }
        self.line
    }
}
