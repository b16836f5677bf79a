//! From a list of a file to another one: the next operation on the way, so that what stays keeps its comments.

use super::change::Refused;
use super::outline::{Kind, Node};
use super::path::At;
use super::plan::at_the_top;
use super::splice::pairs;
use super::value::{Op, Value};

/// Whether two values say the same: keys in any order, texts without white space around them.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.trim() == b.trim(),
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| {
                    b.iter()
                        .any(|(other, known)| other == key && same(value, known))
                })
        }
        (a, b) => a == b,
    }
}

/// A value that is compared as [`same`] compares.
struct Alike<'v>(&'v Value);

impl PartialEq for Alike<'_> {
    fn eq(&self, other: &Self) -> bool {
        same(self.0, other.0)
    }
}

/// The next operation on the way from a list to another: first what goes, then what comes.
pub(super) fn list(
    root: &Node,
    around: &At,
    key: &str,
    wanted: &[Value],
) -> Result<Option<Op>, Refused> {
    let at = around.then(key);
    let node = root
        .at(around)
        .ok_or_else(|| Refused::NotThere(around.to_string()))?;
    let Some(known) = node.child(key) else {
        if wanted.is_empty() {
            return Ok(None);
        }
        let value = Value::List(wanted.to_vec());
        return Ok(Some(if around.parts().is_empty() {
            at_the_top(root, key, value)
        } else {
            Op::Insert {
                map: around.clone(),
                index: node.entries().len(),
                key: key.to_owned(),
                value,
            }
        }));
    };
    // `tests:` must be there, be it empty; the others go.
    if wanted.is_empty() && key != "tests" {
        return Ok(Some(Op::Remove { at }));
    }
    let items = match &known.kind {
        Kind::List { items, .. } => items,
        Kind::Nothing if wanted.is_empty() => return Ok(None),
        Kind::Nothing => {
            let value = Value::List(wanted.to_vec());
            return Ok(Some(Op::Set { at, value }));
        }
        Kind::Scalar { .. } | Kind::Map { .. } => return Err(Refused::ByHand(at.to_string())),
    };
    let old: Vec<Value> = items.iter().map(Node::value).collect();
    let (old, new): (Vec<_>, Vec<_>) = (
        old.iter().map(Alike).collect(),
        wanted.iter().map(Alike).collect(),
    );
    let kept = pairs(&old, &new);
    // An item that stands where another was, with the same neighbours, is that one reworded: it keeps its line.
    let gone = (0..old.len()).find(|index| kept.iter().all(|(old, _)| old != index));
    let come = (0..new.len()).find(|index| kept.iter().all(|(_, new)| new != index));
    Ok(match (gone, come) {
        (None, None) => None,
        (Some(gone), Some(come)) if gone == come => Some(reworded(known, &at, gone, wanted)),
        (_, Some(come)) => {
            let before = kept.iter().rev().find(|(_, new)| *new < come);
            Some(Op::Push {
                list: at,
                index: before.map_or(0, |(old, _)| old + 1),
                value: wanted.get(come).cloned().unwrap_or(Value::Nothing),
            })
        }
        (Some(gone), None) => Some(Op::Remove { at: at.then(&gone) }),
    })
}

/// An item in other words: of a test only what differs.
fn reworded(list: &Node, at: &At, index: usize, wanted: &[Value]) -> Op {
    let at = at.then(&index);
    let wanted = wanted.get(index).cloned().unwrap_or(Value::Nothing);
    let known = list.items().get(index).map(Node::value);
    if let (Some(Value::Map(known)), Value::Map(new)) = (&known, &wanted)
        && known.len() == new.len()
        && new
            .iter()
            .all(|(key, _)| known.iter().any(|(other, _)| other == key))
    {
        let differs = new.iter().find(|(key, value)| {
            known
                .iter()
                .any(|(other, known)| other == key && !same(value, known))
        });
        if let Some((key, value)) = differs {
            return Op::Set {
                at: at.then(key),
                value: value.clone(),
            };
        }
    }
    Op::Set { at, value: wanted }
}
