namespace Rlaif.Cli;

/// <summary>What came of a message to a hook.</summary>
/// <param name="IsDelivered">Whether it was taken.</param>
/// <param name="IsRefused">Whether it never will be: this message, not the hook, is at fault.</param>
/// <param name="RetryAfter">What the hook asks to wait; null when it does not say.</param>
/// <param name="Text">The answer in a few words, without secrets.</param>
internal sealed record HookAnswer(bool IsDelivered, bool IsRefused, TimeSpan? RetryAfter, string Text);
