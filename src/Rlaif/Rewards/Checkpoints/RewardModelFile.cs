using System.Text.Json;
using Rlaif.Data.Text;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Checkpoints;

/// <summary>Writes and reads reward models. Kernels are stored inputs by outputs, biases after them.</summary>
internal static class RewardModelFile
{
    private const string FormatKey = "format";
    private const string Format = "rlaif-reward-model-v2";
    private const string ModelKey = "model";
    private const string LibraryKey = "library_version";
    private const string HashKey = "content_sha256";

    /// <summary>Writes a model, and <paramref name="notes"/> beside its own texts.</summary>
    public static Task SaveAsync(
        RewardModel model,
        string path,
        IReadOnlyDictionary<string, string> notes,
        CancellationToken cancellationToken
    )
    {
        SafetensorsFile file = ToFile(model);
        foreach ((string key, string text) in notes)
        {
            file.Metadata.Add(key, text);
        }

        return ReplaceAsync(path, stream => file.WriteAsync(stream, cancellationToken));
    }

    /// <summary>Writes a file beside its place and renames it, so that a reader never meets half of it.</summary>
    internal static async Task ReplaceAsync(string path, Func<Stream, Task> write)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        try
        {
            await using (FileStream stream = File.Create(temporary))
            {
                await write(stream);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Reads a model; without a way to open its encoder, one that knows everything but how to read texts.</summary>
    public static async Task<RewardModel> LoadAsync(
        string path,
        Func<string, ITextEncoder>? openEncoder,
        CancellationToken cancellationToken
    )
    {
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RlaifInputException($"There is no reward model at {path}.", e);
        }

        try
        {
            return FromFile(SafetensorsFile.Parse(bytes), path, openEncoder);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            throw new RlaifInputException($"{path} is not a complete reward model: {e.Message}.", e);
        }
    }

    private static SafetensorsFile ToFile(RewardModel model)
    {
        var file = new SafetensorsFile();
        file.Metadata[FormatKey] = Format;
        file.Metadata[LibraryKey] = model.Metadata.LibraryVersion;
        file.Metadata[ModelKey] = JsonSerializer.Serialize(CheckpointHeader.Of(model), RlaifJson.Compact);
        FeatureScaler scaler = model.Features.Scaler;
        file.Add("scaler.market_means", scaler.MarketMeans);
        file.Add("scaler.market_deviations", scaler.MarketDeviations);
        file.Add("scaler.candidate_means", scaler.CandidateMeans);
        file.Add("scaler.candidate_deviations", scaler.CandidateDeviations);
        file.Add("scaler.text_means", model.TextScaler.Means, model.TextScaler.Means.Length);
        file.Add("scaler.text_factor", [model.TextScaler.Factor], 1);
        foreach ((int index, RewardMember member) in model.Members.Index())
        {
            AddMember(file, NameOf(index), member);
        }

        file.Metadata[HashKey] = file.HashWith(file.Metadata[ModelKey]);
        return file;
    }

    private static void AddMember(SafetensorsFile file, string name, RewardMember member)
    {
        file.Add($"{name}.score_mean", [member.Mean]);
        file.Add($"{name}.score_deviation", [member.Deviation]);
        float[] parameters = member.Network.Parameters;
        foreach (DenseLayer layer in member.Network.Architecture.Layers)
        {
            file.Add(
                $"{name}.{layer.Name}.kernel",
                parameters.AsSpan(layer.Start, layer.Inputs * layer.Outputs),
                layer.Inputs,
                layer.Outputs
            );
            file.Add($"{name}.{layer.Name}.bias", parameters.AsSpan(layer.BiasStart, layer.Outputs), layer.Outputs);
        }
    }

    private static string NameOf(int member) => $"member_{member:D2}";

    private static RewardModel FromFile(SafetensorsFile file, string path, Func<string, ITextEncoder>? openEncoder)
    {
        if (file.Metadata.GetValueOrDefault(FormatKey) is not Format)
        {
            string found = file.Metadata.GetValueOrDefault(FormatKey, "none");
            throw new InvalidDataException($"its format is \"{found}\" instead of \"{Format}\"");
        }

        string text =
            file.Metadata.GetValueOrDefault(ModelKey) ?? throw new InvalidDataException($"its metadata has no \"{ModelKey}\"");
        CheckpointHeader header = RlaifJson.Read<CheckpointHeader>(text);
        ITextEncoder used = openEncoder is null ? new ClosedTextEncoder(header) : OpenEncoder(header, path, openEncoder);
        if (used.Id != header.Encoder)
        {
            throw new RlaifInputException(
                $"{path} was trained with text encoder {header.Encoder}; it cannot score with {used.Id}."
            );
        }

        var features = new FeatureBuilder(ReadScaler(file, header));
        new FeatureSchema(header.Schema).RequireSame(features.Schema);
        if (features.Schema.Version != header.SchemaVersion)
        {
            throw new InvalidDataException($"its schema is {features.Schema.Version}, but it says {header.SchemaVersion}");
        }

        int textDim = header.Architecture.TextDim;
        var textScaler = new TextScaler(file.Floats("scaler.text_means", textDim), file.Floats("scaler.text_factor", 1)[0]);
        if (header.Members < 1)
        {
            throw new InvalidDataException($"it says that it has {header.Members} members");
        }

        RewardMember[] members =
        [
            .. Enumerable.Range(0, header.Members).Select(m => ReadMember(file, NameOf(m), header.Architecture)),
        ];

        // Last, so that what is known to be wrong is named. Other numbers would give other rewards, and nobody would notice.
        if (file.Metadata.TryGetValue(HashKey, out string? hash) && hash != file.HashWith(text))
        {
            throw new InvalidDataException("its numbers are not those that were written");
        }

        return new RewardModel(members, features, textScaler, used, header.Metadata);
    }

    private static ITextEncoder OpenEncoder(CheckpointHeader header, string path, Func<string, ITextEncoder> open)
    {
        try
        {
            return open(header.EncoderSpec ?? header.Encoder);
        }
        catch (RlaifInputException e)
        {
            throw new RlaifInputException($"{path} was trained with text encoder {header.Encoder}. {e.Message}", e);
        }
    }

    private static FeatureScaler ReadScaler(SafetensorsFile file, CheckpointHeader header) =>
        new()
        {
            MarketNames = header.MarketNames,
            MissingNames = header.MissingNames,
            ConstantNames = header.ConstantNames,
            NamesVary = header.NamesVary,
            Interactions = header.Interactions,
            Reference = header.Reference?.Checked(),
            MarketMeans = file.Doubles("scaler.market_means", header.MarketNames.Count),
            MarketDeviations = file.Doubles("scaler.market_deviations", header.MarketNames.Count),
            CandidateMeans = file.Doubles("scaler.candidate_means", CandidateFeatures.Count),
            CandidateDeviations = file.Doubles("scaler.candidate_deviations", CandidateFeatures.Count),
        };

    private static RewardMember ReadMember(SafetensorsFile file, string name, NetworkArchitecture architecture)
    {
        float[] parameters = new float[architecture.ParameterCount];
        foreach (DenseLayer layer in architecture.Layers)
        {
            file.Floats($"{name}.{layer.Name}.kernel", layer.Inputs * layer.Outputs).CopyTo(parameters, layer.Start);
            file.Floats($"{name}.{layer.Name}.bias", layer.Outputs).CopyTo(parameters, layer.BiasStart);
        }

        if (!parameters.All(float.IsFinite))
        {
            throw new InvalidDataException($"{name} has weights that are not finite");
        }

        return new RewardMember(
            new RewardNetwork(architecture, parameters),
            file.Doubles($"{name}.score_mean", 1)[0],
            file.Doubles($"{name}.score_deviation", 1)[0]
        );
    }
}
