//! An operation carried out on the text: only the bytes that it concerns are written anew.

use std::ops::Range;

use super::outline::{Kind, Node, Style};
use super::path::At;
use super::value::{Op, Value, lines};
use super::write;

/// A text after an operation; `None` where this way of writing is left to people. What it gives is read again by the caller.
pub(super) fn splice(source: &str, root: &Node, op: &Op) -> Option<String> {
    let file = File {
        source,
        root,
        newline: if source.contains("\r\n") {
            "\r\n"
        } else {
            "\n"
        },
    };
    let (range, text) = match op {
        Op::Set { at, value } => file.set(at, value)?,
        Op::Insert {
            map,
            index,
            key,
            value,
        } => file.insert(map, *index, key, value)?,
        Op::Push { list, index, value } => file.push(list, *index, value)?,
        Op::Remove { at } => file.remove(at)?,
        Op::Lines { at, lines } => file.lines(at, lines)?,
    };
    let (before, after) = (source.get(..range.start)?, source.get(range.end..)?);
    Some(format!("{before}{text}{after}"))
}

struct File<'s> {
    source: &'s str,
    root: &'s Node,
    newline: &'static str,
}

impl File<'_> {
    fn set(&self, at: &At, value: &Value) -> Option<(Range<usize>, String)> {
        let node = self.root.at(at)?;
        match (&node.kind, value) {
            (Kind::Scalar { style, .. }, Value::Text(text)) => match style {
                Style::Plain | Style::Single | Style::Double => {
                    Some((node.span.clone(), write::scalar(text, *style)))
                }
                Style::Literal | Style::Folded => self.block_text(at, text),
            },
            (Kind::Nothing, _) => {
                let after = self.colon(at)?;
                Some((after..after, format!(" {}", write::flow(value))))
            }
            (_, _) if self.is_one_line(node) => Some((node.span.clone(), write::flow(value))),
            // Whoever wrote it over several lines has comments there, maybe.
            _ => {
                let after = self.colon(at)?;
                let end = self.end(node);
                let covered = self.source.get(after..end)?;
                let is_commented = covered.lines().any(|line| line.contains('#'));
                (!is_commented).then(|| (after..end, format!(" {}", write::flow(value))))
            }
        }
    }

    /// A text in a block: another block of the same kind where there is one line for each, else a quoted text.
    fn block_text(&self, at: &At, text: &str) -> Option<(Range<usize>, String)> {
        let node = self.root.at(at)?;
        let Kind::Scalar { style, .. } = &node.kind else {
            return None;
        };
        let after = self.colon(at)?;
        let end = self.end(node);
        let body = self.line_end(after);
        let header = self.source.get(after..body)?;
        let indent = self.indent_of_line(node.span.start)?;
        let plain = text.lines().all(|line| {
            !line.starts_with([' ', '\t']) && line == line.trim_end() && !line.contains('\r')
        });
        let single_end = text.ends_with('\n') && !text.ends_with("\n\n");
        if *style == Style::Literal && plain && single_end && header.trim_end().ends_with('|') {
            let mut block = String::new();
            for line in text.lines() {
                let pad = if line.is_empty() { 0 } else { indent };
                block.push_str(self.newline);
                block.extend(std::iter::repeat_n(' ', pad));
                block.push_str(line);
            }
            return Some((body..end, block));
        }
        if header.contains('#') {
            return None;
        }
        Some((
            after..end,
            format!(" {}", write::scalar(text, Style::Double)),
        ))
    }

    fn insert(
        &self,
        map: &At,
        index: usize,
        key: &str,
        value: &Value,
    ) -> Option<(Range<usize>, String)> {
        let node = self.root.at(map)?;
        let Kind::Map { entries, flow } = &node.kind else {
            return None;
        };
        let key = write::key(key);
        if *flow {
            let spans: Vec<_> = entries
                .iter()
                .map(|(key, node)| key.span.start..self.end_of_entry(key.span.end, node))
                .collect();
            let entry = format!("{key}: {}", write::flow(value));
            return self.among(node, &spans, index, entry);
        }
        let (first, _) = entries.first()?;
        let indent = self.column(first.span.start);
        let spaces = " ".repeat(indent);
        let entry = self.block_entry(&key, value, indent);
        if index == 0 {
            let at = first.span.start;
            return Some((at..at, format!("{entry}{}{spaces}", self.newline)));
        }
        let (before, last) = entries.get(index - 1)?;
        let end = self.line_end(self.end_of_entry(before.span.end, last));
        Some((end..end, format!("{}{spaces}{entry}", self.newline)))
    }

    /// `key: value` on a line of its own; lines of examples as a block, tests and other lists one a line.
    fn block_entry(&self, key: &str, value: &Value, indent: usize) -> String {
        let inner = " ".repeat(indent + 2);
        match value {
            Value::Text(text) if text.ends_with('\n') => {
                let block: String = text
                    .lines()
                    .map(|line| format!("{}{inner}{line}", self.newline))
                    .collect();
                format!("{key}: |{block}")
            }
            Value::List(items) if items.iter().any(|item| !matches!(item, Value::Text(_))) => {
                let block: String = items
                    .iter()
                    .map(|item| format!("{}{inner}- {}", self.newline, write::flow(item)))
                    .collect();
                format!("{key}:{block}")
            }
            value => format!("{key}: {}", write::flow(value)),
        }
    }

    fn push(&self, list: &At, index: usize, value: &Value) -> Option<(Range<usize>, String)> {
        let node = self.root.at(list)?;
        let Kind::List { items, flow } = &node.kind else {
            return None;
        };
        let around = list.split().and_then(|(around, _)| self.root.at(&around));
        if let (true, true, Some(around)) = (*flow, items.is_empty(), around)
            && let Kind::Map {
                entries,
                flow: false,
            } = &around.kind
            && self.is_one_line(node)
        {
            // `tests: []` was only a place for a list: its items come one a line.
            let (first, _) = entries.first()?;
            let inner = " ".repeat(self.column(first.span.start) + 2);
            let item = format!("{}{inner}- {}", self.newline, write::flow(value));
            return Some((self.colon(list)?..node.span.end, item));
        }
        if *flow {
            let spans: Vec<_> = items.iter().map(|item| item.span.clone()).collect();
            return self.among(node, &spans, index, write::flow(value));
        }
        let like = items.first()?;
        let text = match (value, &like.kind) {
            (Value::Text(text), Kind::Scalar { style, .. })
                if matches!(style, Style::Single | Style::Double) =>
            {
                write::scalar(text, *style)
            }
            (value, _) => write::flow(value),
        };
        let dash = self.dash(like)?;
        let spaces = " ".repeat(self.column(dash));
        if index == 0 {
            return Some((dash..dash, format!("- {text}{}{spaces}", self.newline)));
        }
        let end = self.line_end(self.end(items.get(index - 1)?));
        Some((end..end, format!("{}{spaces}- {text}", self.newline)))
    }

    /// Between the entries of a map or list on one line.
    fn among(
        &self,
        node: &Node,
        spans: &[Range<usize>],
        index: usize,
        entry: String,
    ) -> Option<(Range<usize>, String)> {
        if spans.is_empty() {
            let at = node.span.start + 1;
            return Some((at..at, entry));
        }
        if index == 0 {
            let at = spans.first()?.start;
            return Some((at..at, format!("{entry}, ")));
        }
        let at = spans.get(index - 1)?.end;
        Some((at..at, format!(", {entry}")))
    }

    fn remove(&self, at: &At) -> Option<(Range<usize>, String)> {
        let (around, own) = at.split()?;
        let around = self.root.at(&around)?;
        let (spans, index): (Vec<Range<usize>>, usize) = match &around.kind {
            Kind::Map { entries, .. } => (
                entries
                    .iter()
                    .map(|(key, node)| key.span.start..self.end_of_entry(key.span.end, node))
                    .collect(),
                entries.iter().position(|(key, _)| key.text == own)?,
            ),
            Kind::List { items, flow } => (
                items
                    .iter()
                    .map(|item| {
                        let start = if *flow {
                            Some(item.span.start)
                        } else {
                            self.dash(item)
                        };
                        start.map(|start| start..self.end(item))
                    })
                    .collect::<Option<_>>()?,
                own.parse().ok()?,
            ),
            Kind::Nothing | Kind::Scalar { .. } => return None,
        };
        let span = spans.get(index)?.clone();
        if around.is_flow() {
            let range = match (spans.get(index + 1), index.checked_sub(1)) {
                (Some(next), _) => span.start..next.start,
                (None, Some(before)) => spans.get(before)?.end..span.end,
                (None, None) => span,
            };
            return Some((range, String::new()));
        }
        if spans.len() == 1 {
            // A block without anything in it is no block any more.
            let empty = matches!(around.kind, Kind::List { .. });
            let start = self.source.get(..span.start)?.trim_end().len();
            let between = self.source.get(start..span.start)?;
            return (empty && !between.contains('#')).then(|| (start..span.end, " []".to_owned()));
        }
        let line = self.line_start(span.start);
        let owns_line = self.source.get(line..span.start)?.trim().is_empty();
        if owns_line {
            Some((line..self.next_line(span.end), String::new()))
        } else {
            // The first key behind a dash: the next one moves up to it.
            let next = spans.get(index + 1)?;
            let between = self.source.get(span.end..next.start)?;
            (!between.contains('#')).then(|| (span.start..next.start, String::new()))
        }
    }

    fn lines(&self, at: &At, wanted: &[String]) -> Option<(Range<usize>, String)> {
        let node = self.root.at(at)?;
        let Kind::Scalar {
            text,
            style: Style::Literal,
        } = &node.kind
        else {
            return None;
        };
        if wanted.is_empty() || lines(text).next().is_none() {
            return None;
        }
        let start = self.next_line(self.colon(at)?);
        let end = self.next_line(self.end(node));
        let indent = self.indent_of_line(node.span.start)?;
        let raw: Vec<&str> = self.source.get(start..end)?.split_inclusive('\n').collect();
        let old: Vec<(usize, &str)> = raw
            .iter()
            .enumerate()
            .map(|(index, line)| (index, line.trim()))
            .filter(|(_, line)| !line.is_empty())
            .collect();
        let said: Vec<&str> = old.iter().map(|(_, line)| *line).collect();
        let new: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let mut kept = pairs(&said, &new).into_iter().peekable();
        let mut out = String::new();
        // The next raw line that was not looked at yet.
        let mut next = 0;
        for (position, line) in new.iter().enumerate() {
            let same = kept.next_if(|(_, new)| *new == position);
            if let Some((old_position, _)) = same {
                let index = old.get(old_position)?.0;
                let blank = raw
                    .get(next..index)?
                    .iter()
                    .filter(|line| line.trim().is_empty());
                out.extend(blank.chain(raw.get(index)).copied());
                next = index + 1;
                if !out.ends_with('\n') {
                    out.push_str(self.newline);
                }
            } else {
                out.extend(std::iter::repeat_n(' ', indent));
                out.push_str(line);
                out.push_str(self.newline);
            }
        }
        if !self.source.get(..end)?.ends_with('\n') {
            let length = out.trim_end_matches(['\r', '\n']).len();
            out.truncate(length);
        }
        Some((start..end, out))
    }

    /// Whether a value stands on one line and has nothing but itself there.
    fn is_one_line(&self, node: &Node) -> bool {
        node.is_flow()
            && self
                .source
                .get(node.span.clone())
                .is_some_and(|text| !text.contains('\n'))
    }

    /// Behind the colon of the key under which a value stands.
    fn colon(&self, at: &At) -> Option<usize> {
        let (around, own) = at.split()?;
        let (key, _) = self
            .root
            .at(&around)?
            .entries()
            .iter()
            .find(|(key, _)| key.text == own)?;
        let rest = self.source.get(key.span.end..)?;
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        rest.get(spaces..)?
            .starts_with(':')
            .then_some(key.span.end + spaces + 1)
    }

    /// The dash before an item of a block.
    fn dash(&self, item: &Node) -> Option<usize> {
        let start = match &item.kind {
            Kind::Map {
                entries,
                flow: false,
            } => entries.first()?.0.span.start,
            _ => item.span.start,
        };
        let before = self.source.get(..start)?.trim_end_matches(' ');
        before.ends_with('-').then(|| before.len() - 1)
    }

    /// Where an entry ends, with or without a value.
    fn end_of_entry(&self, key: usize, node: &Node) -> usize {
        match node.kind {
            Kind::Nothing => {
                let rest = self.source.get(key..).unwrap_or_default();
                let line = rest.split('\n').next().unwrap_or_default();
                // `key:` or `key: ~`.
                let colon = line.find(':').map_or(0, |at| at + 1);
                (key + colon).max(node.span.end.min(key + line.trim_end().len()))
            }
            Kind::Scalar { .. } | Kind::List { .. } | Kind::Map { .. } => self.end(node),
        }
    }

    /// Where a value ends, without the white space and comments behind it.
    fn end(&self, node: &Node) -> usize {
        match &node.kind {
            Kind::Map {
                entries,
                flow: false,
            } => entries.last().map_or(node.span.end, |(key, node)| {
                self.end_of_entry(key.span.end, node)
            }),
            Kind::List { items, flow: false } => items
                .last()
                .map_or(node.span.end, |item| self.end(item).max(item.span.start)),
            Kind::Scalar {
                style: Style::Literal | Style::Folded,
                ..
            } => {
                let covered = self.source.get(node.span.clone()).unwrap_or_default();
                node.span.start + covered.trim_end().len()
            }
            _ => node.span.end,
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.source
            .get(..at)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |newline| newline + 1)
    }

    /// The end of a line, before its break.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.source.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.trim_end_matches('\r').len()
    }

    fn next_line(&self, at: usize) -> usize {
        let rest = self.source.get(at..).unwrap_or_default();
        rest.find('\n')
            .map_or(self.source.len(), |newline| at + newline + 1)
    }

    /// Characters before a place on its line; indentation is of one byte each.
    fn column(&self, at: usize) -> usize {
        at - self.line_start(at)
    }

    fn indent_of_line(&self, at: usize) -> Option<usize> {
        let line = self.source.get(self.line_start(at)..)?;
        Some(line.len() - line.trim_start_matches(' ').len())
    }
}

/// Which of `old` stay in `new`, as pairs of positions: a longest common subsequence.
pub(super) fn pairs<T: PartialEq>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    /// Lists that differ in more than this are written anew where they differ: nobody types so much into a form.
    const CELLS_MAX: usize = 4_000_000;
    let same = |(a, b): &(&T, &T)| a == b;
    let head = old.iter().zip(new).take_while(same).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(rest)
        .take_while(same)
        .count();
    let (a, b) = (
        old.get(head..old.len() - tail).unwrap_or_default(),
        new.get(head..new.len() - tail).unwrap_or_default(),
    );
    let mut found: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    if a.len().saturating_mul(b.len()) <= CELLS_MAX {
        let width = b.len() + 1;
        let mut longest = vec![0_u32; (a.len() + 1) * width];
        let cell =
            |table: &[u32], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
        for (i, left) in a.iter().enumerate().rev() {
            for (j, right) in b.iter().enumerate().rev() {
                let best = if left == right {
                    cell(&longest, i + 1, j + 1) + 1
                } else {
                    cell(&longest, i + 1, j).max(cell(&longest, i, j + 1))
                };
                if let Some(place) = longest.get_mut(i * width + j) {
                    *place = best;
                }
            }
        }
        let (mut i, mut j) = (0, 0);
        while let (Some(left), Some(right)) = (a.get(i), b.get(j)) {
            if left == right {
                found.push((head + i, head + j));
                (i, j) = (i + 1, j + 1);
            } else if cell(&longest, i + 1, j) >= cell(&longest, i, j + 1) {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    found.extend(
        (0..tail)
            .rev()
            .map(|back| (old.len() - 1 - back, new.len() - 1 - back)),
    );
    found
}
