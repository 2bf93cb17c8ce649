using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Data;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>A version that was just trained, and what there is to say of it.</summary>
/// <param name="Version">The version, in the registry.</param>
/// <param name="Learned">The model and its figures.</param>
/// <param name="Gate">What the promotion gate says.</param>
/// <param name="Checklist">The report's figures.</param>
internal sealed record TrainedVersion(
    ModelVersion Version,
    LearnedModel Learned,
    PromotionTrial Gate,
    TrainingChecklist Checklist
)
{
    /// <summary>Trains on recorded pairs, keeps the model as a new version and holds it against the gate.</summary>
    /// <param name="context">The verb.</param>
    /// <param name="data">Candidates and pairs.</param>
    /// <param name="options">The knobs, completed from the data.</param>
    /// <param name="calendar">The trading days around the decisions.</param>
    /// <param name="judged">A judge's preferences, if they have a weight.</param>
    /// <param name="time">The clock by which the version is dated.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <exception cref="NotEnoughDataException">There is too little to learn from.</exception>
    public static async Task<TrainedVersion> TrainAsync(
        CommandContext context,
        RecordedPairs data,
        LearningOptions options,
        SessionCalendar calendar,
        IReadOnlyList<PreferencePair> judged,
        TimeProvider time,
        IProgress<ProgressUpdate>? progress
    )
    {
        LearnedModel learned = await Task.Run(() =>
            RewardLearning.Learn(data.Settled, data.Pairs, calendar, options, null, progress, judged, context.CancellationToken)
        );
        var registry = new ModelRegistry(context.Home.Models, time);
        JsonObject validation = TrainingDocument.ValidationNode(learned);
        PromotionTrial gate = await PromotionTrial.RunAsync(
            validation,
            registry.FindChampion(),
            async champion =>
            {
                try
                {
                    ModelVersion account = await registry.GetAsync(champion, context.CancellationToken);
                    ModelDuel.WarnOfOtherMetrics(context, options.Preferences.Metric.Name, account);
                    RewardModel before = await context.LoadModelAsync(registry, champion);
                    return ModelMatch.Compare(before, learned.Model, data.Settled, options);
                }
                catch (Exception e) when (e is not (OperationCanceledException or RlaifInputException or NotEnoughDataException))
                {
                    // Whatever is wrong with the champion must not cost the new model.
                    throw new RlaifInputException($"{champion} cannot be compared: {e.Message}", e);
                }
            }
        );

        // Last of all that can be interrupted: a version that is there gets its report.
        ModelVersion version = await registry.AddAsync(
            learned.Model,
            learned.Training,
            validation,
            TrainingDocument.DetailsNode(learned),
            context.CancellationToken
        );
        return new TrainedVersion(version, learned, gate, TrainingChecklist.Of(learned, version.Version, gate.Criteria));
    }

    /// <summary>Writes the report of the training, for people and for scripts, interrupted or not.</summary>
    public async Task<TrainingFiles> WriteReportsAsync(CommandContext context)
    {
        var files = new TrainingFiles(
            Path.Combine(context.Home.Models, Checklist.Version),
            Path.Combine(context.Home.Reports, $"train_{Checklist.Version}.html"),
            Path.Combine(context.Home.Reports, $"train_{Checklist.Version}.json")
        );
        Directory.CreateDirectory(context.Home.Reports);
        string page = TrainingPage.Render(Learned, Checklist.Version, Gate.Criteria);
        await File.WriteAllTextAsync(files.Report, page, CancellationToken.None);
        string json = JsonSerializer.Serialize(Checklist, RlaifJson.Indented) + "\n";
        await File.WriteAllTextAsync(files.Checklist, json, CancellationToken.None);
        return files;
    }
}

/// <summary>What a training wrote: the folder of the model, the report and its figures.</summary>
internal sealed record TrainingFiles(string Model, string Report, string Checklist);
