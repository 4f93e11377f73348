// What statements are asked for, as far as a pool has to know: since when somebody has been at it.

/// What statements are asked for.
public enum Undertaking {
  /// When what goes on in this task began. A page asks for several things, one after the other: of those who wait for a
  /// connection, whoever began first goes first, so that a page that is half done is not overtaken by one that just
  /// came. Without it each statement is an undertaking of its own.
  @TaskLocal public static var began: ContinuousClock.Instant?
}
