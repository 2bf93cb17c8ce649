namespace Rlaif.Data.Text.Hub;

/// <summary>A file that was downloaded.</summary>
/// <param name="File">Its path in the folder.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Its hash, in lower-case hex.</param>
/// <param name="IsStated">Whether the server named this hash; else it is what came the first time.</param>
public sealed record PulledFile(string File, long Size, string Sha256, bool IsStated);
