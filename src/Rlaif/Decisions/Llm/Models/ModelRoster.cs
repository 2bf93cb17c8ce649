using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>Which model serves each role.</summary>
public sealed class ModelRoster : IDisposable
{
    private readonly IReadOnlyDictionary<ModelRole, ModelSetup> _setups;
    private readonly SharedClients? _clients;

    /// <summary>Takes setups as they are.</summary>
    public ModelRoster(IReadOnlyDictionary<ModelRole, ModelSetup> setups) => _setups = setups;

    private ModelRoster(IReadOnlyDictionary<ModelRole, ModelSetup> setups, SharedClients clients)
        : this(setups) => _clients = clients;

    /// <summary>The roles that have a model.</summary>
    public IReadOnlyCollection<ModelRole> Roles => [.. _setups.Keys.Order()];

    /// <summary>The model of a role.</summary>
    /// <exception cref="RlaifInputException">No model is configured for it.</exception>
    public ModelSetup this[ModelRole role] =>
        _setups.GetValueOrDefault(role)
        ?? throw new RlaifInputException(
            $"No model is configured for the role {role}. Roles with one: {string.Join(", ", Roles)}."
        );

    /// <summary>
    /// Prepares the models of roles. Clients are made when they are first asked, so that a replay needs no key; roles that share a model at
    /// one address with one key share its limits, and where they differ in them the lower one holds for all.
    /// </summary>
    /// <param name="options">The model of each role.</param>
    /// <param name="environment">Reads an environment variable; null when it is not set.</param>
    /// <param name="table">What is known about models; the options' own values come first.</param>
    /// <param name="clock">Measures time-outs, waits and limits.</param>
    /// <exception cref="RlaifInputException">Lists all that is wrong, with the role.</exception>
    public static ModelRoster Create(
        IReadOnlyDictionary<ModelRole, ModelOptions> options,
        Func<string, string?> environment,
        ModelTable table,
        TimeProvider clock
    ) => Create(options, environment, table, clock, network: null);

    /// <inheritdoc cref="Create(IReadOnlyDictionary{ModelRole, ModelOptions}, Func{string, string?}, ModelTable, TimeProvider)"/>
    /// <param name="options">As there.</param>
    /// <param name="environment">As there.</param>
    /// <param name="table">As there.</param>
    /// <param name="clock">As there.</param>
    /// <param name="network">Makes what sends requests; null for the real network.</param>
    internal static ModelRoster Create(
        IReadOnlyDictionary<ModelRole, ModelOptions> options,
        Func<string, string?> environment,
        ModelTable table,
        TimeProvider clock,
        Func<HttpMessageHandler>? network
    )
    {
        string[] problems = [.. options.OrderBy(o => o.Key).SelectMany(o => Problems(o.Value).Select(p => $"  {o.Key}: {p}"))];
        if (problems.Length > 0)
        {
            throw new RlaifInputException(
                $"The models are not valid:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}"
            );
        }

        var clients = new SharedClients([.. options.Values], environment, clock, network);
        return new ModelRoster(
            options.ToDictionary(
                o => o.Key,
                o => new ModelSetup(o.Value, Card(o.Value, table), () => clients.Get(o.Value, o.Key))
            ),
            clients
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _clients?.Dispose();

    private static IEnumerable<string> Problems(ModelOptions options)
    {
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        foreach (ValidationResult problem in found)
        {
            yield return problem.ErrorMessage!;
        }

        if (!string.IsNullOrEmpty(options.Provider) && !ProviderClients.Names.Contains(options.Provider))
        {
            yield return $"There is no provider '{options.Provider}'. There are: {string.Join(", ", ProviderClients.Names)}.";
        }

        // A key that was written here by mistake must not be shown.
        if (options.KeyVariable is { } variable && !IsVariable(variable))
        {
            yield return "KeyVariable must be the name of an environment variable (letters, digits, _), not a key.";
        }

        if (options.BaseUrl is { } url)
        {
            if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            {
                yield return "BaseUrl must begin with http:// or https://.";
            }
            else if (url.UserInfo.Length > 0 || url.Query.Length > 0)
            {
                yield return "BaseUrl must hold no key, user or query: keys are read from the environment.";
            }
        }
    }

    private static bool IsVariable(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static ModelCard Card(ModelOptions options, ModelTable table)
    {
        ModelCard card =
            table.Find(options.Provider, options.Model)
            ?? new ModelCard
            {
                Provider = options.Provider,
                Model = options.Model,
                InputUsd = null,
                OutputUsd = null,
                // Servers of open models take one; what OpenAI and Anthropic bring out nowadays refuses it.
                TakesTemperature = options.Provider == ProviderClients.OpenAi && options.BaseUrl is not null,
            };
        bool ownPrices = options.InputUsdPerMillion is not null || options.OutputUsdPerMillion is not null;
        return card with
        {
            InputUsd = options.InputUsdPerMillion ?? card.InputUsd,
            OutputUsd = options.OutputUsdPerMillion ?? card.OutputUsd,
            // Prices of a user's own are whole: the table's cache and long prompts belong to other ones.
            CachedInputUsd = ownPrices ? null : card.CachedInputUsd,
            CacheWriteUsd = ownPrices ? null : card.CacheWriteUsd,
            LongContextFrom = ownPrices ? null : card.LongContextFrom,
            KnowledgeCutoff = options.KnowledgeCutoff ?? card.KnowledgeCutoff,
            Schema = options.Schema ?? card.Schema,
        };
    }

    // Made on demand and disposed together. What is the same place for limits is the same model at one address with one key.
    private sealed class SharedClients(
        IReadOnlyList<ModelOptions> all,
        Func<string, string?> environment,
        TimeProvider clock,
        Func<HttpMessageHandler>? network
    ) : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<Account, CallLimiter> _limiters = [];
        private readonly Dictionary<(Account Account, double Timeout, int Retries), IChatClient> _clients = [];
        private bool _disposed;

        public IChatClient Get(ModelOptions options, ModelRole role)
        {
            Account account = Account.Of(options);
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, typeof(ModelRoster));
                (Account, double, int) key = (account, options.TimeoutSeconds, options.Retries);
                if (!_clients.TryGetValue(key, out IChatClient? client))
                {
                    client = Make(options, account, role);
                    _clients.Add(key, client);
                }

                return client;
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _disposed = true;
                foreach (IChatClient client in _clients.Values)
                {
                    client.Dispose();
                }

                foreach (CallLimiter limiter in _limiters.Values)
                {
                    limiter.Dispose();
                }
            }
        }

        private ResilientChatClient Make(ModelOptions options, Account account, ModelRole role)
        {
            string? key = ModelKey.Read(options.Provider, account.KeyVariable, account.Address, environment, role);
            var errors = new CallErrors(
                options.Provider,
                options.Model,
                account.Address,
                account.KeyVariable,
                new SecretScrubber(key)
            );
            IChatClient inner = ProviderClients.Create(options, key, errors, clock, network?.Invoke());
            if (!_limiters.TryGetValue(account, out CallLimiter? limiter))
            {
                ModelOptions[] sharing = [.. all.Where(o => Account.Of(o) == account)];
                limiter = new CallLimiter(
                    sharing.Min(o => o.Concurrency),
                    sharing.Min(o => o.RequestsPerMinute),
                    sharing.Min(o => o.TokensPerMinute),
                    clock
                );
                _limiters.Add(account, limiter);
            }

            return new ResilientChatClient(inner, options, limiter, errors, clock);
        }
    }

    private sealed record Account(string Provider, Uri Address, string KeyVariable, string Model)
    {
        public static Account Of(ModelOptions options) =>
            new(
                options.Provider,
                ProviderClients.Address(options),
                options.KeyVariable ?? ProviderClients.UsualKeyVariable(options.Provider),
                options.Model
            );
    }
}
