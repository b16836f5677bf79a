//! Softmax regression over sparse features, trained by AdaGrad (Duchi, Hazan, Singer 2011) with one accumulator a feature.
//!
//! Deterministic: one thread, an order of examples that depends on nothing but their number. Weights are trained in `f32`
//! and kept as `i8` with one scale a feature: a quarter of the memory, and the cold weights are what a message waits for.

/// One sparse row: feature ids, ascending, and their values.
#[derive(Debug, Clone, Default)]
pub(super) struct Sparse {
    /// Feature ids.
    pub(super) ids: Vec<u32>,
    /// Their values, in the same order.
    pub(super) values: Vec<f32>,
}

impl Sparse {
    /// Adds these values as the features from `first` on, which must be beyond those that are there.
    pub(super) fn append(&mut self, first: usize, values: &[f32]) {
        let ids = (first..).map(|id| u32::try_from(id).unwrap_or(u32::MAX));
        self.ids.extend(ids.take(values.len()));
        self.values.extend(values);
    }
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
/// What the accumulators begin with, so that the first steps are bounded.
const DAMPING: f32 = 0.1;
/// Classes are padded to a multiple of this, so that the inner loops become vector instructions.
const LANES: usize = 8;

/// A trained classifier.
pub(super) struct Softmax {
    classes: usize,
    stride: usize,
    bias: Vec<f32>,
    /// Per feature: `stride` weights, each to be multiplied by the scale of that feature.
    weights: Vec<i8>,
    scales: Vec<f32>,
}

impl Softmax {
    /// Trains on rows with labels below `classes`, over features below `features`.
    pub(super) fn train(rows: &[Sparse], labels: &[u32], classes: usize, features: usize) -> Self {
        let stride = classes.div_ceil(LANES) * LANES;
        let mut weights = vec![0f32; features * stride];
        let mut bias = vec![0f32; stride];
        let mut seen = vec![DAMPING; features];
        let mut bias_seen = DAMPING;
        let mut gradient = vec![0f32; stride];
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let first_step = first_step(rows.len(), classes);
        let mut random = XorShift(0x1234_5678_9abc_def1);
        for epoch in 0..EPOCHS {
            random.shuffle(&mut order);
            let progress = epoch as f32 / (EPOCHS - 1) as f32;
            let step = first_step + (LAST_STEP - first_step) * progress;
            for &at in &order {
                let (row, label) = (&rows[at], labels[at] as usize);
                gradient.copy_from_slice(&bias);
                for (&id, &value) in row.ids.iter().zip(&row.values) {
                    let weights = &weights[id as usize * stride..][..stride];
                    add_scaled(&mut gradient, weights, value);
                }
                if !loss_gradient(&mut gradient[..classes], label) {
                    continue;
                }
                gradient[classes..].fill(0.0);
                let square: f32 = gradient.iter().map(|g| g * g).sum();
                bias_seen += square;
                add_scaled(&mut bias, &gradient, -step / bias_seen.sqrt());
                for (&id, &value) in row.ids.iter().zip(&row.values) {
                    let seen = &mut seen[id as usize];
                    *seen += value * value * square;
                    let weights = &mut weights[id as usize * stride..][..stride];
                    add_scaled(weights, &gradient, -step * value / seen.sqrt());
                }
            }
        }
        Self::quantised(&weights, bias, classes, stride)
    }

    fn quantised(weights: &[f32], bias: Vec<f32>, classes: usize, stride: usize) -> Self {
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
        }
    }

    /// The logit of each class.
    pub(super) fn logits(&self, row: &Sparse) -> Vec<f32> {
        let mut logits = self.bias.clone();
        for (&id, &value) in row.ids.iter().zip(&row.values) {
            let scale = value * self.scales[id as usize];
            let weights = &self.weights[id as usize * self.stride..][..self.stride];
            for (logits, weights) in logits
                .chunks_exact_mut(LANES)
                .zip(weights.chunks_exact(LANES))
            {
                for (logit, &weight) in logits.iter_mut().zip(weights) {
                    *logit += scale * f32::from(weight);
                }
            }
        }
        logits.truncate(self.classes);
        logits
    }

    /// The weight of one feature for one class.
    pub(super) fn weight(&self, feature: usize, class: usize) -> f32 {
        f32::from(self.weights[feature * self.stride + class]) * self.scales[feature]
    }

    /// Bytes that the weights take.
    pub(super) fn bytes(&self) -> usize {
        self.weights.len() + (self.scales.len() + self.bias.len()) * size_of::<f32>()
    }
}

/// Between [`FIRST_STEP_OF_FEW`] and [`FIRST_STEP`], by the logarithm of the examples of a class.
fn first_step(rows: usize, classes: usize) -> f32 {
    let of_one = (rows as f32 / classes.max(1) as f32).clamp(FEW, MANY);
    let share = (of_one / FEW).ln() / (MANY / FEW).ln();
    FIRST_STEP_OF_FEW + (FIRST_STEP - FIRST_STEP_OF_FEW) * share
}

fn add_scaled(sum: &mut [f32], row: &[f32], factor: f32) {
    for (sum, row) in sum.chunks_exact_mut(LANES).zip(row.chunks_exact(LANES)) {
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += factor * value;
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
