//! Learning from a trained network (Hinton et al., 2015).

use crate::error::{Error, ErrorCode, Result};
use crate::ops::float;
use crate::ops::loss::{cross_entropy, softmax};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Hinton et al. (2015): `alpha * CE + (1 - alpha) * T^2 * KL(teacher || student)`, both softened by T.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Distillation {
    /// Weight of the labels, 0 to 1; the teacher has the rest.
    pub alpha: f64,
    /// 1 to 20.
    pub temperature: f64,
}

impl Default for Distillation {
    fn default() -> Self {
        Self {
            alpha: 0.1,
            temperature: 4.0,
        }
    }
}

impl Distillation {
    /// # Errors
    /// Names the field that is out of its range.
    pub fn validate(&self) -> Result<()> {
        if !(0.0..=1.0).contains(&self.alpha) {
            return Err(Error::new(
                ErrorCode::BadConfig,
                format!("alpha must be between 0 and 1, not {}", self.alpha),
            ));
        }
        if !(1.0..=20.0).contains(&self.temperature) {
            let t = self.temperature;
            return Err(Error::new(
                ErrorCode::BadConfig,
                format!("temperature must be between 1 and 20, not {t}"),
            ));
        }
        Ok(())
    }
}

/// `alpha * CE + (1 - alpha) * T^2 * KL(teacher || student)`, both softened by T, means over the batch
/// (Hinton et al., 2015). All of `[batch, classes]`; teacher and labels are constants, without autodiff.
pub fn distillation(
    student: Tensor<2>,
    teacher: Tensor<2>,
    one_hot: Tensor<2>,
    how: &Distillation,
) -> Tensor<1> {
    let soft = |logits: Tensor<2>| float::scale(logits, 1.0 / how.temperature);
    let weight = (1.0 - how.alpha) * how.temperature.powi(2);
    let teacher = soft(teacher);
    let targets = softmax(teacher.clone(), one_hot.clone());
    // What the teacher's own entropy takes from the divergence has no gradient.
    let entropy = float::scale(cross_entropy(teacher, targets.clone()), -weight).autodiff();
    let labels = float::scale(
        cross_entropy(student.clone(), one_hot.autodiff()),
        how.alpha,
    );
    let divergence = cross_entropy(soft(student), targets.autodiff());
    let divergence = float::add(float::scale(divergence, weight), entropy);
    float::add(labels, divergence)
}
