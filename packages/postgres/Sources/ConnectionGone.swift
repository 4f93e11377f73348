// The one loss of a connection after which it is certain that nothing was sent.

/// The server had ended the connection while it lay idle; nothing was sent.
struct ConnectionGone: Error {}
