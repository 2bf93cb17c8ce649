using Rlaif.Outcomes.Brokers;

namespace Rlaif.Cli;

/// <summary>A broker that a run has opened, and what has to be closed with it.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Name">In words.</param>
/// <param name="Owned">The same, to be disposed of.</param>
/// <param name="Store">Its books, if they are ours.</param>
internal sealed record OpenBroker(IBroker Broker, string Name, IDisposable Owned, Ledger? Store) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Owned.Dispose();
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }
    }
}
