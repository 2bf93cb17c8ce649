using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Rlaif.Data.Alpaca;

/// <summary>
/// Alpaca's trading API over HTTP: orders, fills, positions and the account
/// (<see href="https://docs.alpaca.markets/reference/postorder">reference</see>). What is asked for is asked again where that may help; an order
/// or a change of one leaves once.
/// </summary>
/// <param name="client">Has keys, address, limits of rate and clock; it must outlive this.</param>
internal sealed class AlpacaTradingClient(AlpacaDataClient client)
{
    /// <summary>Documented maxima of a page.</summary>
    internal const int OrdersPerPage = 500;

    internal const int FillsPerPage = 100;

    private readonly AlpacaHttp _http = client.Http;

    /// <summary>Hands over an order.</summary>
    /// <exception cref="AlpacaException">It was refused; or, where it may be tried again, nobody knows whether it was taken.</exception>
    internal Task<AlpacaOrder> SubmitAsync(JsonObject order, CancellationToken cancellationToken) =>
        _http.SendOnceAsync<AlpacaOrder>(HttpMethod.Post, At("/v2/orders").ToUri(), order, cancellationToken);

    /// <summary>Puts a changed order in the place of an open one; the new one is returned.</summary>
    /// <exception cref="AlpacaException">It was refused; or, where it may be tried again, nobody knows whether it was done.</exception>
    internal Task<AlpacaOrder> ReplaceAsync(string orderId, JsonObject changes, CancellationToken cancellationToken) =>
        _http.SendOnceAsync<AlpacaOrder>(HttpMethod.Patch, OrderAt(orderId).ToUri(), changes, cancellationToken);

    /// <summary>Asks to cancel an order.</summary>
    /// <exception cref="AlpacaException">404: there is none; 422: it can no longer be cancelled.</exception>
    internal Task CancelAsync(string orderId, CancellationToken cancellationToken) =>
        _http.DeleteAsync(OrderAt(orderId).ToUri(), cancellationToken);

    /// <summary>The order with the id that whoever placed it gave; null when Alpaca has never seen it.</summary>
    internal async Task<AlpacaOrder?> FindOrderAsync(string clientOrderId, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetAsync<AlpacaOrder>(
                At("/v2/orders:by_client_order_id").Add("client_order_id", clientOrderId).ToUri(),
                cancellationToken
            );
        }
        catch (AlpacaException e) when (e.Kind == AlpacaFailure.NotFound && e.ErrorCode is not null)
        {
            // Alpaca's own 404 has an error code (40410000); that of a proxy, or of a wrong address, tells nothing about an order.
            return null;
        }
    }

    /// <summary>An order by Alpaca's id, with its legs.</summary>
    internal Task<AlpacaOrder> GetOrderAsync(string orderId, CancellationToken cancellationToken) =>
        _http.GetAsync<AlpacaOrder>(OrderAt(orderId).Add("nested", "true").ToUri(), cancellationToken);

    /// <summary>All open orders, legs beside the orders that they belong to, oldest first.</summary>
    internal async IAsyncEnumerable<AlpacaOrder> GetOpenOrdersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AlpacaQuery address = At("/v2/orders").Add("status", "open").Add("nested", "false").Add("direction", "asc");
        await foreach (AlpacaOrder[] page in GetOrderPagesAsync(address, "after_order_id", cancellationToken))
        {
            foreach (AlpacaOrder order in page)
            {
                yield return order;
                foreach (AlpacaOrder leg in order.Legs ?? [])
                {
                    yield return leg;
                }
            }
        }
    }

    /// <summary>All orders, whatever became of them, with their legs, newest first, reply by reply.</summary>
    internal IAsyncEnumerable<AlpacaOrder[]> GetAllOrderPagesAsync(CancellationToken cancellationToken) =>
        GetOrderPagesAsync(
            At("/v2/orders").Add("status", "all").Add("nested", "true").Add("direction", "desc"),
            "before_order_id",
            cancellationToken
        );

    /// <summary>Fills that were made known after a second, oldest first, all replies; null for all there are.</summary>
    internal async Task<IReadOnlyList<WireFill>> GetFillsAsync(DateTimeOffset? after, CancellationToken cancellationToken)
    {
        AlpacaQuery address = At("/v2/account/activities/FILL")
            .Add("direction", "asc")
            .Add("page_size", FillsPerPage)
            .Add("after", after is { } time ? AlpacaTimes.Text(time) : null);
        var fills = new Dictionary<string, WireFill>(StringComparer.Ordinal);
        string? last = null;
        while (true)
        {
            Uri at = address.With("page_token", last);
            WireFill[] page = await _http.GetAsync<WireFill[]>(at, cancellationToken);
            int known = fills.Count;
            foreach (WireFill fill in page)
            {
                fills[fill.Id] = fill;
            }

            if (page.Length < FillsPerPage)
            {
                return [.. fills.Values];
            }

            last = page[^1].Id;
            RequireNew(at, fills.Count > known);
        }
    }

    /// <summary>What is held.</summary>
    internal async Task<IReadOnlyList<WirePosition>> GetPositionsAsync(CancellationToken cancellationToken) =>
        await _http.GetAsync<WirePosition[]>(At("/v2/positions").ToUri(), cancellationToken);

    /// <summary>The account.</summary>
    internal Task<WireAccount> GetAccountAsync(CancellationToken cancellationToken) =>
        _http.GetAsync<WireAccount>(At("/v2/account").ToUri(), cancellationToken);

    private AlpacaQuery At(string path) => new(client.Options.TradingUrl, path);

    private AlpacaQuery OrderAt(string orderId) => At($"/v2/orders/{Uri.EscapeDataString(orderId)}");

    private async IAsyncEnumerable<AlpacaOrder[]> GetOrderPagesAsync(
        AlpacaQuery address,
        string pageParameter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        address.Add("limit", OrdersPerPage);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? last = null;
        while (true)
        {
            Uri at = address.With(pageParameter, last);
            AlpacaOrder[] page = await _http.GetAsync<AlpacaOrder[]>(at, cancellationToken);
            yield return page;
            // Whether the limit counts legs is not documented: fewer orders with as many legs may be a full page, too.
            if (page.Sum(o => 1 + (o.Legs?.Count ?? 0)) < OrdersPerPage)
            {
                yield break;
            }

            last = page[^1].Id;
            RequireNew(at, seen.Add(last));
        }
    }

    private void RequireNew(Uri at, bool isNew)
    {
        if (!isNew)
        {
            throw client.Errors.Unreadable(at, "its pages lead to one another without end");
        }
    }
}
