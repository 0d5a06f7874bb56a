//! A step of stochastic gradient descent with momentum, as PyTorch has it (dampening 0).

/// The settings of one step.
#[derive(Clone, Copy, Debug)]
pub struct SgdStep {
    pub learning_rate: f32,
    /// How much of the velocity stays.
    pub momentum: f32,
    /// How much of the parameter is added to its gradient.
    pub weight_decay: f32,
    pub nesterov: bool,
}

impl SgdStep {
    /// Takes the step `parameter -= learning_rate * velocity`, with `velocity = momentum * velocity + slope`, where the slope
    /// is `gradient + weight_decay * parameter`. With Nesterov's momentum it is `learning_rate * (slope + momentum *
    /// velocity)`. The velocity before the first step is 0. All are of one length.
    pub fn take(&self, parameter: &mut [f32], gradient: &[f32], velocity: &mut [f32]) {
        let lengths = [gradient.len(), velocity.len()];
        debug_assert_eq!(lengths, [parameter.len(); 2]);
        let all = parameter.iter_mut().zip(gradient).zip(velocity);
        if self.nesterov {
            for ((parameter, gradient), velocity) in all {
                let slope = gradient + self.weight_decay * *parameter;
                *velocity = self.momentum * *velocity + slope;
                *parameter -= self.learning_rate * (slope + self.momentum * *velocity);
            }
        } else {
            for ((parameter, gradient), velocity) in all {
                let slope = gradient + self.weight_decay * *parameter;
                *velocity = self.momentum * *velocity + slope;
                *parameter -= self.learning_rate * *velocity;
            }
        }
    }

    /// A step without momentum, which needs no velocity.
    pub fn take_plain(&self, parameter: &mut [f32], gradient: &[f32]) {
        debug_assert_eq!(gradient.len(), parameter.len());
        for (parameter, gradient) in parameter.iter_mut().zip(gradient) {
            let slope = gradient + self.weight_decay * *parameter;
            *parameter -= self.learning_rate * slope;
        }
    }
}
