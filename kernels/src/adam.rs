//! A step of Adam (Kingma & Ba, ICLR 2015).

use wide::f32x4;

/// The settings of one step; `factor` and `epsilon` have the correction of the bias of both moments in them.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep {
    /// How much of the mean of gradients stays, and of the mean of their squares.
    pub betas: [f32; 2],
    pub factor: f32,
    pub epsilon: f32,
    pub learning_rate: f32,
}

impl AdamStep {
    /// Takes the step: `parameter -= learning_rate * factor * first / (sqrt(second) + epsilon)`, with both moments moved
    /// towards `gradient` and its square. All are of one length.
    pub fn take(
        &self,
        parameter: &mut [f32],
        gradient: &[f32],
        first: &mut [f32],
        second: &mut [f32],
    ) {
        let lengths = [gradient.len(), first.len(), second.len()];
        debug_assert_eq!(lengths, [parameter.len(); 3]);
        let (parameters, last_parameters) = parameter.as_chunks_mut::<4>();
        let (gradients, last_gradients) = gradient.as_chunks::<4>();
        let (firsts, last_firsts) = first.as_chunks_mut::<4>();
        let (seconds, last_seconds) = second.as_chunks_mut::<4>();
        let all = parameters
            .iter_mut()
            .zip(gradients)
            .zip(firsts)
            .zip(seconds);
        for (((parameter, gradient), first), second) in all {
            self.four(parameter, gradient, first, second);
        }
        let rest = last_parameters
            .iter_mut()
            .zip(last_gradients)
            .zip(last_firsts)
            .zip(last_seconds);
        for (((parameter, &gradient), first), second) in rest {
            let (mut p, mut m, mut v) = ([*parameter; 4], [*first; 4], [*second; 4]);
            self.four(&mut p, &[gradient; 4], &mut m, &mut v);
            (*parameter, *first, *second) = (p[0], m[0], v[0]);
        }
    }

    #[inline(always)]
    fn four(
        &self,
        parameter: &mut [f32; 4],
        gradient: &[f32; 4],
        first: &mut [f32; 4],
        second: &mut [f32; 4],
    ) {
        let [beta_1, beta_2] = self.betas;
        let g = f32x4::new(*gradient);
        let m = f32x4::new(*first) * beta_1 + g * (1.0 - beta_1);
        let v = f32x4::new(*second) * beta_2 + g * g * (1.0 - beta_2);
        let step = m * self.factor / (v.sqrt() + self.epsilon) * self.learning_rate;
        *parameter = (f32x4::new(*parameter) - step).to_array();
        *first = m.to_array();
        *second = v.to_array();
    }
}
