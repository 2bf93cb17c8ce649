using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Data.Text;

namespace Rlaif.Rewards;

/// <summary>
/// Numbered versions of reward models in a folder, one sub-folder each with <c>model.safetensors</c> and <c>training.json</c>. A version
/// appears complete or not at all, and never changes; several processes may add at once.
/// </summary>
public sealed class ModelRegistry
{
    /// <summary>Names the newest version.</summary>
    public const string Latest = "latest";

    /// <summary>Name of the model inside the folder of a version.</summary>
    public const string ModelFile = "model.safetensors";
    private const string ReportFile = "training.json";

    private readonly string _folder;
    private readonly TimeProvider _time;

    /// <summary>Opens the registry in <paramref name="folder"/>, which need not exist yet.</summary>
    public ModelRegistry(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = folder;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Adds a model as the next version.</summary>
    public Task<ModelVersion> AddAsync(RewardModel model, TrainingReport report, CancellationToken cancellationToken = default) =>
        AddAsync(model, report, null, cancellationToken);

    /// <summary>Adds a model as the next version, with what it showed on decisions that nothing was fitted to.</summary>
    /// <param name="model">The model.</param>
    /// <param name="report">How it was trained.</param>
    /// <param name="validation">The figures, kept as they are; null when it was not judged.</param>
    /// <param name="cancellationToken">Cancels writing; no version appears then.</param>
    public async Task<ModelVersion> AddAsync(
        RewardModel model,
        TrainingReport report,
        JsonObject? validation,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        var entry = new Entry(_time.GetUtcNow(), ModelStatus.Candidate, report, validation);
        string temporary = Path.Combine(_folder, $".adding.{Path.GetRandomFileName()}");
        Directory.CreateDirectory(temporary);
        try
        {
            await model.SaveAsync(Path.Combine(temporary, ModelFile), cancellationToken);
            string json = JsonSerializer.Serialize(entry, RlaifJson.Indented);
            await File.WriteAllTextAsync(Path.Combine(temporary, ReportFile), json, cancellationToken);
            string version = Claim(temporary);
            return entry.ToVersion(version);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <summary>All versions, oldest first.</summary>
    public async Task<IReadOnlyList<ModelVersion>> ListAsync(CancellationToken cancellationToken = default)
    {
        var versions = new List<ModelVersion>();
        foreach (int number in Numbers())
        {
            string path = Path.Combine(_folder, Name(number), ReportFile);
            await using FileStream stream = File.OpenRead(path);
            Entry entry =
                await JsonSerializer.DeserializeAsync<Entry>(stream, RlaifJson.Indented, cancellationToken)
                ?? throw new RlaifInputException($"{path} is empty.");
            versions.Add(entry.ToVersion(Name(number)));
        }

        return versions;
    }

    /// <summary>The name of a version: itself, or the newest one for <c>latest</c>.</summary>
    /// <exception cref="RlaifInputException">There is no such version; the message names those that there are.</exception>
    public string Resolve(string version)
    {
        string[] names = [.. Numbers().Select(Name)];
        return version == Latest && names.Length > 0 ? names[^1]
            : names.Contains(version, StringComparer.Ordinal) ? version
            : throw new RlaifInputException(
                $"There is no model {version} in {_folder}; there is {(names.Length == 0 ? "none" : string.Join(", ", names))}."
            );
    }

    /// <summary>Loads a version.</summary>
    /// <param name="version">For example <c>v0003</c>, or <c>latest</c>.</param>
    /// <param name="encoder">The encoder it was trained with; null to open it where it was then (<see cref="TextEncoders.Reopen"/>).</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="RlaifInputException">There is no such version, or its file is damaged.</exception>
    public Task<RewardModel> LoadAsync(
        string version = Latest,
        ITextEncoder? encoder = null,
        CancellationToken cancellationToken = default
    ) => RewardModel.LoadAsync(Path.Combine(_folder, Resolve(version), ModelFile), encoder, cancellationToken);

    /// <summary>Loads a version, and has its encoder opened by the caller.</summary>
    /// <param name="version">For example <c>v0003</c>, or <c>latest</c>.</param>
    /// <param name="openEncoder">Makes the encoder of a spec (<see cref="ITextEncoder.Spec"/>), or of an id where the encoder had none.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="RlaifInputException">There is no such version, its file is damaged, or its encoder cannot be opened or is another.</exception>
    public Task<RewardModel> LoadAsync(
        string version,
        Func<string, ITextEncoder> openEncoder,
        CancellationToken cancellationToken = default
    ) => RewardModel.LoadAsync(Path.Combine(_folder, Resolve(version), ModelFile), openEncoder, cancellationToken);

    /// <summary>Renames the finished folder to the next free number. Renaming onto a folder with files fails, so a number goes to one alone.</summary>
    private string Claim(string temporary)
    {
        for (int number = Numbers().LastOrDefault() + 1; ; number++)
        {
            string target = Path.Combine(_folder, Name(number));
            try
            {
                Directory.Move(temporary, target);
                return Name(number);
            }
            catch (IOException) when (Directory.Exists(target))
            {
                // Another process was faster: the next number.
            }
        }
    }

    private int[] Numbers() =>
        Directory.Exists(_folder) ? [.. Directory.EnumerateDirectories(_folder, "v*").Select(Number).OfType<int>().Order()] : [];

    private static string Name(int number) => $"v{number:D4}";

    private static int? Number(string path)
    {
        string name = Path.GetFileName(path);
        return int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int n) && Name(n) == name
            ? n
            : null;
    }

    private sealed record Entry(
        DateTimeOffset CreatedAt,
        ModelStatus Status,
        TrainingReport Report,
        JsonObject? Validation = null
    )
    {
        public ModelVersion ToVersion(string name) => new(name, CreatedAt, Status, Report) { Validation = Validation };
    }
}
