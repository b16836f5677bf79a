//! What a file says, without how it is written: by this two texts are compared.

use super::path::At;

/// A value of a file. A text is what it reads as, however it is quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Nothing,
    Text(String),
    List(Vec<Self>),
    /// In the order of the file.
    Map(Vec<(String, Self)>),
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn map<const N: usize>(entries: [(&str, Self); N]) -> Self {
        Self::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }

    fn child(&mut self, part: &str) -> Option<&mut Self> {
        match self {
            Self::Map(entries) => entries
                .iter_mut()
                .find(|(key, _)| key == part)
                .map(|(_, value)| value),
            Self::List(items) => items.get_mut(part.parse::<usize>().ok()?),
            Self::Nothing | Self::Text(_) => None,
        }
    }

    pub(super) fn at(&mut self, at: &At) -> Option<&mut Self> {
        at.parts()
            .iter()
            .try_fold(self, |value, part| value.child(part))
    }
}

/// A change of what a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Op {
    /// Another value in place of the one that stands there.
    Set { at: At, value: Value },
    /// A key that is not there yet, at this position among its neighbours.
    Insert {
        map: At,
        index: usize,
        key: String,
        value: Value,
    },
    /// A further item, at this position.
    Push {
        list: At,
        index: usize,
        value: Value,
    },
    /// A key with its value, or an item.
    Remove { at: At },
    /// Other lines in a literal block; each is trimmed and not empty.
    Lines { at: At, lines: Vec<String> },
}

impl Op {
    /// What the file says afterwards; `None`: there is no such place.
    pub(super) fn on(&self, root: &mut Value) -> Option<()> {
        match self {
            Self::Set { at, value } => *root.at(at)? = value.clone(),
            Self::Insert {
                map,
                index,
                key,
                value,
            } => {
                let Value::Map(entries) = root.at(map)? else {
                    return None;
                };
                if *index > entries.len() || entries.iter().any(|(known, _)| known == key) {
                    return None;
                }
                entries.insert(*index, (key.clone(), value.clone()));
            }
            Self::Push { list, index, value } => {
                let Value::List(items) = root.at(list)? else {
                    return None;
                };
                if *index > items.len() {
                    return None;
                }
                items.insert(*index, value.clone());
            }
            Self::Remove { at } => {
                let (around, own) = at.split()?;
                match root.at(&around)? {
                    Value::Map(entries) => {
                        let found = entries.iter().position(|(key, _)| key == own)?;
                        entries.remove(found);
                    }
                    Value::List(items) => {
                        let index = own.parse::<usize>().ok()?;
                        (index < items.len()).then(|| items.remove(index))?;
                    }
                    Value::Nothing | Value::Text(_) => return None,
                }
            }
            Self::Lines { at, lines } => {
                let value = root.at(at)?;
                let Value::Text(_) = value else { return None };
                *value = Value::Text(lines.iter().map(|line| format!("{line}\n")).collect());
            }
        }
        Some(())
    }

    /// Lines of a block are compared without their indentation and the empty ones between them.
    pub(super) fn is_lines(&self) -> Option<&At> {
        match self {
            Self::Lines { at, .. } => Some(at),
            Self::Set { .. } | Self::Insert { .. } | Self::Push { .. } | Self::Remove { .. } => {
                None
            }
        }
    }
}

/// The lines of a block as they count.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}
