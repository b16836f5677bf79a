//! Small dialogues: what a visitor writes, how it was understood, what the bot does. The understanding is written by hand, so that each
//! rule is tested alone.

mod asides;
mod clerk;
mod context;
mod demo;
mod failing;
mod fixture;
mod forms;
mod mareas;
mod people;
mod properties;
mod remembering;
mod second_thoughts;
mod shows;
mod topics;
