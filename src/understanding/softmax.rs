//! Softmax regression over sparse features and a few dense ones, trained by AdaGrad (Duchi, Hazan, Singer 2011) with one accumulator a feature.
//!
//! Deterministic: one thread, an order of examples that depends on nothing but their number. Weights are trained in `f32`
//! and kept as `i8` with one scale a feature: a quarter of the memory, and the cold weights are what a message waits for. Those of the dense
//! features stay `f32`: they are few, every message needs them all, and they are always warm.
//!
//! Weights stand feature by feature. Both directions take [`AT_ONCE`] features in one pass over the classes: the sums are then loaded and stored
//! a quarter as often, and still added in the order of the features.

use super::learnt;

/// One example: features that few messages have, and numbers that every message has.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    /// Feature ids, ascending.
    pub(super) ids: Vec<u32>,
    /// Their values, in the same order.
    pub(super) values: Vec<f32>,
    /// The values of the dense features, whose ids follow those of all others.
    pub(super) dense: Vec<f32>,
}

/// Passes over the examples; with this step size more of them gain nothing on validation.
const EPOCHS: usize = 8;
/// Step size of the first pass with many examples of each class, and with few: these are learnt by heart too soon.
const FIRST_STEP: f32 = 2.0;
const FIRST_STEP_OF_FEW: f32 = 1.0;
/// How many examples of a class are many, and how many are few.
const MANY: f32 = 100.0;
const FEW: f32 = 10.0;
/// Step size of the last pass.
const LAST_STEP: f32 = 0.1;
/// By how much the right class must win before the loss is content: softmax with an additive margin.
const MARGIN: f32 = 3.0;
/// An example predicted this well, margin included, teaches nothing more.
const LEARNT: f32 = 0.95;
/// For so many passes at most an example rests that taught nothing: one after the first time in a row, then two. On validation nothing is lost,
/// and a quarter of the time is saved.
const LONGEST_REST: u8 = 2;
/// What the accumulators begin with, so that the first steps are bounded.
const DAMPING: f32 = 0.1;
/// Classes are padded to a multiple of this, so that the inner loops become vector instructions.
const LANES: usize = 8;

/// Features whose weights are taken in one pass over the classes.
const AT_ONCE: usize = 4;

/// A trained classifier.
pub(super) struct Softmax {
    classes: usize,
    stride: usize,
    bias: Vec<f32>,
    /// Per sparse feature: `stride` weights, each to be multiplied by the scale of that feature.
    weights: Vec<i8>,
    scales: Vec<f32>,
    /// Per dense feature: `stride` weights.
    dense: Vec<f32>,
}

impl Softmax {
    /// Trains on rows with labels below `classes`, over sparse features below `sparse` and `dense` more.
    pub(super) fn train(
        rows: &[Row],
        labels: &[u32],
        classes: usize,
        sparse: usize,
        dense: usize,
    ) -> Self {
        let stride = classes.div_ceil(LANES) * LANES;
        let mut weights = vec![0f32; (sparse + dense) * stride];
        let mut bias = vec![0f32; stride];
        let mut seen = vec![DAMPING; sparse + dense];
        let mut bias_seen = DAMPING;
        let mut gradient = vec![0f32; stride];
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let first_step = first_step(rows.len(), classes);
        let mut rests = vec![Rest::default(); rows.len()];
        let mut random = XorShift(0x1234_5678_9abc_def1);
        for epoch in 0..EPOCHS {
            random.shuffle(&mut order);
            let progress = epoch as f32 / (EPOCHS - 1) as f32;
            let step = first_step + (LAST_STEP - first_step) * progress;
            for &at in &order {
                if rests[at].goes_on() {
                    continue;
                }
                let (row, label) = (&rows[at], labels[at] as usize);
                gradient.copy_from_slice(&bias);
                let (few, all) = weights.split_at_mut(sparse * stride);
                add_chosen(&mut gradient, few, &row.ids, &row.values);
                add_all(&mut gradient, all, &row.dense);
                if !loss_gradient(&mut gradient[..classes], label) {
                    rests[at].longer();
                    continue;
                }
                rests[at] = Rest::default();
                gradient[classes..].fill(0.0);
                let square: f32 = gradient.iter().map(|g| g * g).sum();
                bias_seen += square;
                add_scaled(&mut bias, &gradient, -step / bias_seen.sqrt());
                for (&id, &value) in row.ids.iter().zip(&row.values) {
                    let seen = &mut seen[id as usize];
                    *seen += value * value * square;
                    let weights = &mut few[id as usize * stride..][..stride];
                    add_scaled(weights, &gradient, -step * value / seen.sqrt());
                }
                let dense = all.chunks_exact_mut(stride).zip(&mut seen[sparse..]);
                for ((weights, seen), &value) in dense.zip(&row.dense) {
                    *seen += value * value * square;
                    add_scaled(weights, &gradient, -step * value / seen.sqrt());
                }
            }
        }
        let dense = weights.split_off(sparse * stride);
        Self::quantised(&weights, dense, bias, classes, stride)
    }

    fn quantised(
        weights: &[f32],
        dense: Vec<f32>,
        bias: Vec<f32>,
        classes: usize,
        stride: usize,
    ) -> Self {
        let mut small = Vec::with_capacity(weights.len());
        let mut scales = Vec::with_capacity(weights.len() / stride.max(1));
        for row in weights.chunks_exact(stride.max(1)) {
            let largest = row
                .iter()
                .fold(0f32, |largest, weight| largest.max(weight.abs()));
            let scale = largest / f32::from(i8::MAX);
            scales.push(scale);
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            small.extend(row.iter().map(|weight| (weight * inverse).round() as i8));
        }
        Self {
            classes,
            stride,
            bias,
            weights: small,
            scales,
            dense,
        }
    }

    /// The logit of each class.
    pub(super) fn logits(&self, row: &Row) -> Vec<f32> {
        let mut logits = self.bias.clone();
        let scaled = row.ids.iter().zip(&row.values);
        let scaled: Vec<f32> = scaled
            .map(|(&id, &value)| value * self.scales[id as usize])
            .collect();
        add_chosen(&mut logits, &self.weights, &row.ids, &scaled);
        add_all(&mut logits, &self.dense, &row.dense);
        logits.truncate(self.classes);
        logits
    }

    /// The weight of one feature for one class.
    pub(super) fn weight(&self, feature: usize, class: usize) -> f32 {
        match feature.checked_sub(self.scales.len()) {
            Some(dense) => self.dense[dense * self.stride + class],
            None => f32::from(self.weights[feature * self.stride + class]) * self.scales[feature],
        }
    }

    /// Whether it tells so many classes apart by so many features.
    pub(super) fn fits(&self, classes: usize, sparse: usize, dense: usize) -> bool {
        self.classes == classes
            && self.scales.len() == sparse
            && self.dense.len() == dense * self.stride
    }

    /// Writes it: how many classes, sparse and dense features, then bias, scales, weights, dense weights.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        let dense = self.dense.len() / self.stride.max(1);
        for count in [self.classes, self.scales.len(), dense] {
            learnt::number(bytes, count);
        }
        learnt::numbers(bytes, &self.bias);
        learnt::numbers(bytes, &self.scales);
        bytes.extend(self.weights.iter().map(|weight| weight.cast_unsigned()));
        learnt::numbers(bytes, &self.dense);
    }

    /// Reads what `write` wrote.
    pub(super) fn read(from: &mut learnt::Bytes<'_>) -> Option<Self> {
        let (classes, sparse, dense) = (from.number()?, from.number()?, from.number()?);
        let stride = classes.div_ceil(LANES).checked_mul(LANES)?;
        let bias = from.numbers(stride)?;
        let scales = from.numbers(sparse)?;
        let weights = from.take(sparse.checked_mul(stride)?)?;
        let weights = weights.iter().map(|weight| weight.cast_signed()).collect();
        let dense = from.numbers(dense.checked_mul(stride)?)?;
        Some(Self {
            classes,
            stride,
            bias,
            weights,
            scales,
            dense,
        })
    }

    /// Bytes that the weights take.
    pub(super) fn bytes(&self) -> usize {
        let numbers = self.scales.len() + self.bias.len() + self.dense.len();
        self.weights.len() + numbers * size_of::<f32>()
    }
}

/// Between [`FIRST_STEP_OF_FEW`] and [`FIRST_STEP`], by the logarithm of the examples of a class.
fn first_step(rows: usize, classes: usize) -> f32 {
    let of_one = (rows as f32 / classes.max(1) as f32).clamp(FEW, MANY);
    let share = (of_one / FEW).ln() / (MANY / FEW).ln();
    FIRST_STEP_OF_FEW + (FIRST_STEP - FIRST_STEP_OF_FEW) * share
}

/// Adds to `sum` the rows of `weights` with these ids, each `sum.len()` long, times their factors.
fn add_chosen<W: Copy + Into<f32>>(sum: &mut [f32], weights: &[W], ids: &[u32], factors: &[f32]) {
    let stride = sum.len();
    let row = |id: u32| &weights[id as usize * stride..][..stride];
    let (fours, rest) = ids.as_chunks::<AT_ONCE>();
    let (factors, last) = factors.as_chunks::<AT_ONCE>();
    for (&ids, &factors) in fours.iter().zip(factors) {
        add_four(sum, ids.map(row), factors);
    }
    for (&id, &factor) in rest.iter().zip(last) {
        add_scaled(sum, row(id), factor);
    }
}

/// Adds to `sum` the rows of `weights`, each `sum.len()` long, times their factors.
fn add_all(sum: &mut [f32], weights: &[f32], factors: &[f32]) {
    let stride = sum.len();
    let (fours, last) = factors.as_chunks::<AT_ONCE>();
    let mut rows = weights.chunks_exact(stride * AT_ONCE);
    for (rows, &factors) in rows.by_ref().zip(fours) {
        let mut row = rows.chunks_exact(stride);
        let rows = [(); AT_ONCE].map(|()| row.next().unwrap_or_default());
        add_four(sum, rows, factors);
    }
    for (row, &factor) in rows.remainder().chunks_exact(stride).zip(last) {
        add_scaled(sum, row, factor);
    }
}

fn add_four<W: Copy + Into<f32>>(sum: &mut [f32], rows: [&[W]; AT_ONCE], factors: [f32; AT_ONCE]) {
    let [a, b, c, d] = rows.map(|row| row.as_chunks::<LANES>().0);
    let sums = sum.as_chunks_mut::<LANES>().0;
    for ((((sum, a), b), c), d) in sums.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *sum = std::array::from_fn(|lane| {
            sum[lane]
                + factors[0] * a[lane].into()
                + factors[1] * b[lane].into()
                + factors[2] * c[lane].into()
                + factors[3] * d[lane].into()
        });
    }
}

fn add_scaled<W: Copy + Into<f32>>(sum: &mut [f32], row: &[W], factor: f32) {
    let (sums, rows) = (sum.as_chunks_mut::<LANES>().0, row.as_chunks::<LANES>().0);
    for (sum, row) in sums.iter_mut().zip(rows) {
        for (sum, &value) in sum.iter_mut().zip(row) {
            *sum += factor * value.into();
        }
    }
}

/// Turns logits into the gradient of the cross-entropy with margin; false when there is nothing to learn.
fn loss_gradient(logits: &mut [f32], label: usize) -> bool {
    logits[label] -= MARGIN;
    let largest = logits.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = (*logit - largest).exp();
        sum += *logit;
    }
    let inverse = 1.0 / sum;
    if logits[label] * inverse > LEARNT {
        return false;
    }
    for value in logits.iter_mut() {
        *value *= inverse;
    }
    logits[label] -= 1.0;
    true
}

/// How long an example is left out.
#[derive(Debug, Clone, Copy, Default)]
struct Rest {
    length: u8,
    left: u8,
}

impl Rest {
    /// Whether this pass goes by without the example.
    fn goes_on(&mut self) -> bool {
        let rests = self.left > 0;
        self.left = self.left.saturating_sub(1);
        rests
    }

    /// It taught nothing, again.
    fn longer(&mut self) {
        self.length = LONGEST_REST.min(self.length + 1);
        self.left = self.length;
    }
}

/// Marsaglia's xorshift64: the order of examples must be mixed and repeatable, nothing more.
struct XorShift(u64);

impl XorShift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            let other = self.next() % (last as u64 + 1);
            order.swap(last, other as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of two classes that nobody could confuse; the dense numbers tell the class as well.
    fn rows() -> (Vec<Row>, Vec<u32>) {
        let row = |at: u32| Row {
            ids: (0..9).map(|id| 2 * id + at % 2).collect(),
            values: (0u8..9).map(|id| 1.0 / f32::from(id + 1)).collect(),
            dense: (0u8..6)
                .map(|id| f32::from(id) * if at.is_multiple_of(2) { 0.1 } else { -0.1 })
                .collect(),
        };
        (
            (0..40).map(row).collect(),
            (0..40).map(|at| at % 2).collect(),
        )
    }

    #[test]
    fn rows_taken_four_at_a_time_add_up_as_one_by_one() {
        let stride = 2 * LANES;
        let weights: Vec<f32> = (0u16..11 * 16)
            .map(|at| (f32::from(at) * 0.37).sin())
            .collect();
        let small: Vec<i8> = weights
            .iter()
            .map(|weight| (weight * 127.0) as i8)
            .collect();
        for many in 0..11u32 {
            let ids: Vec<u32> = (0..many).rev().collect();
            let factors: Vec<f32> = ids.iter().map(|&id| 1.0 / (id + 3) as f32).collect();
            let mut one_by_one = vec![0.5f32; stride];
            let mut of_small = one_by_one.clone();
            let (mut together, mut small_together) = (one_by_one.clone(), one_by_one.clone());
            for (&id, &factor) in ids.iter().zip(&factors) {
                let from = id as usize * stride;
                add_scaled(&mut one_by_one, &weights[from..from + stride], factor);
                add_scaled(&mut of_small, &small[from..from + stride], factor);
            }
            add_chosen(&mut together, &weights, &ids, &factors);
            add_chosen(&mut small_together, &small, &ids, &factors);
            assert_eq!((together, small_together), (one_by_one, of_small), "{many}");
            let mut all = vec![0.5f32; stride];
            let mut one_by_one = all.clone();
            add_all(&mut all, &weights[..many as usize * stride], &factors);
            for (row, &factor) in weights.chunks_exact(stride).zip(&factors) {
                add_scaled(&mut one_by_one, row, factor);
            }
            assert_eq!(all, one_by_one, "{many}");
        }
    }

    #[test]
    fn who_has_learnt_rests_for_one_pass_then_for_two_until_there_is_something_to_learn() {
        let mut rest = Rest::default();
        let mut passes = |longer: bool| {
            if longer {
                rest.longer();
            } else {
                rest = Rest::default();
            }
            std::iter::from_fn(|| rest.goes_on().then_some(())).count()
        };
        let learnt = [true, true, true, false, true];
        assert_eq!(learnt.map(&mut passes), [1, 2, 2, 0, 1]);
    }

    #[test]
    fn what_was_learnt_is_told_again_and_each_weight_is_what_it_adds() {
        let (rows, labels) = rows();
        let trained = Softmax::train(&rows, &labels, 2, 18, 6);
        for (row, &label) in rows.iter().zip(&labels) {
            let logits = trained.logits(row);
            let (right, wrong) = (logits[label as usize], logits[1 - label as usize]);
            assert!(right > wrong + MARGIN, "{logits:?}");
            let features = row.ids.iter().copied().chain(18..);
            let values = row.values.iter().chain(&row.dense);
            let added: f32 = features
                .zip(values)
                .map(|(id, value)| value * trained.weight(id as usize, 0))
                .sum();
            assert!((trained.bias[0] + added - logits[0]).abs() < 1e-4);
        }
        let again = Softmax::train(&rows, &labels, 2, 18, 6);
        assert_eq!(trained.logits(&rows[0]), again.logits(&rows[0]));
    }
}
