using System.Runtime.InteropServices;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Cli;

/// <summary>The signal that stops trading and leaves the process running: SIGQUIT (Ctrl-\, on Windows Ctrl-Break).</summary>
internal static class KillSignal
{
    /// <summary>Listens until it is disposed.</summary>
    /// <param name="loop">What is stopped.</param>
    /// <param name="alarm">Told when the broker does not answer.</param>
    public static PosixSignalRegistration Register(ProductionLoop loop, Action<string> alarm) =>
        PosixSignalRegistration.Create(
            PosixSignal.SIGQUIT,
            signal =>
            {
                signal.Cancel = true;
                try
                {
                    loop.HaltAsync("signal SIGQUIT").GetAwaiter().GetResult();
                }
                catch (Exception e) when (e is BrokerDoubtException or Data.Alpaca.AlpacaException)
                {
                    // The stop is written: the next job cancels what the broker did not answer for.
                    alarm($"trading is stopped, but not everything is cancelled yet: {e.Message}");
                }
            }
        );
}
