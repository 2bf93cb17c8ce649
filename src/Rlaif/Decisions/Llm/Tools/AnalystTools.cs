using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Decisions.Llm.Masking;

namespace Rlaif.Decisions.Llm.Tools;

/// <summary>
/// The tools of one analyst at one moment: they read the snapshot, and documents known at its time, so no call can see later data. For one report
/// at a time, by one thread at a time.
/// </summary>
internal sealed class AnalystTools
{
    /// <summary>Calls beyond these give an error.</summary>
    internal const int MaxCalls = 12;

    private readonly List<(AIFunctionDeclaration Declaration, Func<ToolArguments, JsonObject> Run)> _tools;
    private readonly DocumentTool? _documents;
    private int _calls;

    /// <summary>Makes the tools of an analyst.</summary>
    /// <param name="snapshot">The moment.</param>
    /// <param name="masker">How names, dates and levels are told.</param>
    /// <param name="documents">What is searched; null for no search.</param>
    /// <param name="options">Holds the largest position.</param>
    /// <param name="firstDocument">The number of the first passage that a search shows; those of the prompt come before.</param>
    internal AnalystTools(
        MarketSnapshot snapshot,
        Masker masker,
        DocumentIndex? documents,
        ManagerOptions options,
        int firstDocument = 1
    )
        : this(
            snapshot,
            masker,
            documents is null ? null : (query, count) => documents.Search(snapshot.Symbol, snapshot.AsOf, query, count),
            options,
            firstDocument
        ) { }

    /// <inheritdoc cref="AnalystTools(MarketSnapshot, Masker, DocumentIndex?, ManagerOptions, int)"/>
    internal AnalystTools(
        MarketSnapshot snapshot,
        Masker masker,
        Func<string, int, IReadOnlyList<DocumentPassage>>? search,
        ManagerOptions options,
        int firstDocument
    )
    {
        _documents = search is null ? null : new DocumentTool(snapshot, masker, search, firstDocument);
        _tools =
        [
            (IndicatorTool.Declaration, new IndicatorTool(snapshot, masker).Run),
            (ReturnsTool.Declaration, new ReturnsTool(snapshot).Run),
            (PositionSizeTool.Declaration, new PositionSizeTool(snapshot, options).Run),
        ];
        if (_documents is not null)
        {
            _tools.Add((DocumentTool.Declaration, _documents.Run));
        }
    }

    /// <summary>What a model is told about them.</summary>
    internal IReadOnlyList<AIFunctionDeclaration> Declarations => [.. _tools.Select(t => t.Declaration)];

    /// <summary>Ids of the passages that searches have shown (<c>D6</c>), in the order in which they were shown: replies may cite them.</summary>
    internal IReadOnlyCollection<string> EvidenceIds => _documents?.EvidenceIds ?? [];

    /// <summary>Documents of which a search has shown passages, by id, in ordinal order.</summary>
    internal IReadOnlyList<string> ShownDocuments => _documents?.ShownDocuments ?? [];

    /// <summary>
    /// Calls a tool and returns its result as JSON of at most <see cref="ToolResult.MaxLength"/> characters; wrong names and arguments give a result that
    /// says what is allowed.
    /// </summary>
    internal string Execute(string name, IDictionary<string, object?>? arguments) => ToolResult.Write(Run(name, arguments));

    private JsonObject Run(string name, IDictionary<string, object?>? arguments)
    {
        if (++_calls > MaxCalls)
        {
            return ToolResult.Error($"No more than {MaxCalls} tool calls are allowed. Answer with what you have.");
        }

        using InvariantCulture culture = InvariantCulture.Enter();
        Func<ToolArguments, JsonObject>? run = _tools.Find(t => t.Declaration.Name == name).Run;
        return run is null
            ? ToolResult.Error($"There is no such tool; there are {string.Join(", ", _tools.Select(t => t.Declaration.Name))}.")
            : run(new ToolArguments(arguments));
    }
}
