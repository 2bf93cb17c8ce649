using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Memory;

namespace Rlaif.Cli;

/// <summary>Who decides in a verb: agents that follow rules, or a team of language models with all that it needs.</summary>
internal sealed class AgentTeam : IAsyncDisposable
{
    private readonly DocumentIndex? _documents;

    private AgentTeam(ManagerAgent manager, int threads) => (Manager, Threads) = (manager, threads);

    private AgentTeam(ManagerAgent manager, int threads, ModelAccess access, LlmTeam team, DocumentIndex? documents)
        : this(manager, threads) => (Access, Models, _documents) = (access, team, documents);

    /// <summary>Who proposes.</summary>
    public ManagerAgent Manager { get; }

    /// <summary>The models; null for rules.</summary>
    public ModelAccess? Access { get; }

    /// <summary>The team on language models; null for rules.</summary>
    public LlmTeam? Models { get; }

    /// <summary>What the team remembers from; null without memory.</summary>
    public Reflections? Reflections { get; private init; }

    /// <summary>Contexts worked on at once: waiting for a model takes no core.</summary>
    public int Threads { get; }

    /// <summary>What models took and spared; null for rules.</summary>
    public UsageDocument? Usage => Access is null ? null : UsageDocument.Of(Access.Gateway.Usage.Total);

    /// <summary>Agents that follow rules.</summary>
    public static AgentTeam OfRules(ManagerOptions options, int threads) => new(ManagerAgent.RuleBased(options), threads);

    /// <summary>A team on language models.</summary>
    public static async Task<AgentTeam> OfModelsAsync(
        CommandContext context,
        string provider,
        ModelAccess access,
        LlmOptions options,
        ManagerOptions limits,
        IMarketData market,
        IProgress<DebateEvent> live
    )
    {
        DocumentIndex? documents = await IndexAsync(context, market.Symbols);
        LessonBook? lessons = options.Memory ? new LessonBook(new HashedTextEncoder()) : null;
        var team = new LlmTeam(
            access.Gateway,
            options,
            provider,
            access.Prompts,
            documents,
            lessons,
            market.Symbols,
            market.Benchmark,
            live
        );
        int inFlight = team.Roles.Max(r => access.Roster[r].Options.Concurrency);
        return new AgentTeam(ManagerAgent.OnModels(team, limits), Math.Max(context.Threads, inFlight), access, team, documents)
        {
            Reflections = lessons is null ? null : Reflections.Of(team, lessons),
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _documents?.Dispose();
        if (Access is not null)
        {
            await Access.DisposeAsync();
        }
    }

    private static async Task<DocumentIndex?> IndexAsync(CommandContext context, IReadOnlyList<string> symbols)
    {
        IReadOnlyList<Document> documents = await new DocumentStore(await context.OpenLedgerAsync()).ReadAsync(
            symbols,
            DateTimeOffset.MaxValue,
            context.CancellationToken
        );
        return documents.Count == 0 ? null : DocumentIndex.Build(documents, new HashedTextEncoder());
    }
}
