namespace Rlaif.Data.Text.Hub;

/// <summary>An encoder that is there now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its folder.</param>
/// <param name="WasThere">Whether it had been pulled before; nothing was downloaded then.</param>
/// <param name="Manifest">Its files.</param>
public sealed record PulledEncoder(string Name, string Path, bool WasThere, EncoderManifest Manifest);
