//! Expressions that are compiled once.

macro_rules! expression {
    ($name:ident, $regex:expr) => {
        pub(super) static $name: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| {
                regex::Regex::new($regex).expect("a constant expression that the tests run")
            });
    };
}

pub(super) use expression;
