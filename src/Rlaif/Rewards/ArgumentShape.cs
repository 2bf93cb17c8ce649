namespace Rlaif.Rewards;

/// <summary>Checks of the lengths that vectors and matrices must have.</summary>
internal static class ArgumentShape
{
    /// <summary>Passes when a vector has the length it should have.</summary>
    /// <exception cref="ArgumentException">The length is another.</exception>
    public static void RequireLength(int length, int expected, string parameter)
    {
        if (length != expected)
        {
            throw new ArgumentException($"It has {length} values instead of {expected}.", parameter);
        }
    }
}
