//! Steady states of systems of differential equations x' = f(x, p): where they are, whether they are stable, and how they move, appear and vanish with a parameter.
//! What the system is, its owner says: nothing here knows of models.

pub mod branch;
pub mod eigen;
mod linear;
pub mod newton;
#[cfg(test)]
mod tests;

/// What f is somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Slopes {
    /// f, for each state.
    pub slopes: Vec<f64>,
    /// Derivatives of f, row by row: of f of state k by state j at k * n + j.
    pub jacobian: Vec<f64>,
}

/// A system of equations with one parameter.
pub trait System {
    /// Why it cannot be looked at.
    type Error;

    /// f and its derivatives where the states and the parameter have these values.
    ///
    /// # Errors
    /// The system cannot be made with this value of the parameter.
    fn at(&mut self, states: &[f64], parameter: f64) -> Result<Slopes, Self::Error>;

    /// f alone.
    ///
    /// # Errors
    /// As of [`System::at`].
    fn slopes(&mut self, states: &[f64], parameter: f64) -> Result<Vec<f64>, Self::Error> {
        Ok(self.at(states, parameter)?.slopes)
    }
}
