//! Data-parallel training: replicas of the network on several workers, which exchange gradients.
//!
//! - **Synchronous**: each replica takes its share of the batch; the gradients are summed in the order of the shares, and all
//!   replicas take the same step of Adam. The result is that of one worker, up to rounding.
//! - **Asynchronous**: a parameter server (Li et al., OSDI 2014). A replica pulls the weights, takes a batch of its own
//!   and pushes the gradient, which meanwhile may be some updates old: its staleness, which can be bounded (after Ho et
//!   al., NIPS 2013).
//!
//! [`group`] is the side of the session and [`replica`] that of a worker; [`wire`] is what they say to each other, and
//! [`peers`] how it gets there, of which nothing here knows more.

mod choice;
pub mod group;
mod ledger;
pub mod payload;
pub mod peers;
pub mod plan;
pub mod replica;
mod simulation;
pub mod staleness;
pub mod wire;
pub mod workers;
