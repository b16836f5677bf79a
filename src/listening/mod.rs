//! Which question a session ends with, for whom and why; and the reply to an opinion. Pure: it words no queue and sends nothing.
