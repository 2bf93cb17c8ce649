using System.Runtime.InteropServices;

namespace Rlaif.Cli;

/// <summary>The signal that stops trading and leaves the process running: SIGQUIT (Ctrl-\, on Windows Ctrl-Break).</summary>
internal static class KillSignal
{
    /// <summary>Listens until it is disposed.</summary>
    public static PosixSignalRegistration Register(ProductionLoop loop) =>
        PosixSignalRegistration.Create(
            PosixSignal.SIGQUIT,
            signal =>
            {
                signal.Cancel = true;
                loop.HaltAsync("signal SIGQUIT").GetAwaiter().GetResult();
            }
        );
}
