using System.Globalization;

namespace Rlaif.Core;

/// <summary>
/// Numbers and dates in records, prompts and reports are written the same way on every machine. Texts are made by interpolation, which
/// follows the culture of the thread; entry points that make texts switch it for as long as they run.
/// </summary>
internal readonly struct InvariantCulture : IDisposable
{
    private readonly CultureInfo _before;

    private InvariantCulture(CultureInfo before) => _before = before;

    /// <summary>Switches to the invariant culture until disposed.</summary>
    public static InvariantCulture Enter()
    {
        var scope = new InvariantCulture(CultureInfo.CurrentCulture);
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return scope;
    }

    /// <inheritdoc/>
    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
