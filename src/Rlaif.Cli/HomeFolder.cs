namespace Rlaif.Cli;

/// <summary>Where everything that belongs to one user or project lies.</summary>
internal sealed record HomeFolder(string Root)
{
    /// <summary>The ledger: decisions, outcomes, bars.</summary>
    public string Ledger => Path.Combine(Root, "rlaif.db");

    /// <summary>The books of the paper broker.</summary>
    public string Paper => Path.Combine(Root, "paper.db");

    /// <summary>Whose books the ledger's orders are in.</summary>
    public string Broker => Path.Combine(Root, "broker.txt");

    /// <summary>When the jobs of a run are due next.</summary>
    public string Schedule => Path.Combine(Root, "schedule.db");

    /// <summary>When the jobs of a run are due, as the user wants it.</summary>
    public string ScheduleFile => Path.Combine(Root, "schedule.json");

    /// <summary>Held by the one process that trades.</summary>
    public string TradingLock => Path.Combine(Root, "trading.lock");

    /// <summary>Stops trading by being there.</summary>
    public string KillFile => Path.Combine(Root, "KILL");

    /// <summary>What a trading process did, a file a day.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>How far each webhook was told.</summary>
    public string Notified => Path.Combine(Root, "notified.json");

    /// <summary>Reward models, one folder per version.</summary>
    public string Models => Path.Combine(Root, "models");

    /// <summary>Decisions written out by the demo.</summary>
    public string Decisions => Path.Combine(Root, "decisions");

    /// <summary>Preference pairs written out by the demo.</summary>
    public string Preferences => Path.Combine(Root, "preferences");

    /// <summary>Fine-tuning data.</summary>
    public string FineTuning => Path.Combine(Root, "finetuning");

    /// <summary>Reports for people.</summary>
    public string Reports => Path.Combine(Root, "reports");

    /// <summary>Replies of language models, recorded.</summary>
    public string Recording => Path.Combine(Root, "llm", "recording.jsonl");

    /// <summary>What language models cost.</summary>
    public string Spend => Path.Combine(Root, "llm", "spend.db");

    /// <summary>What can be made again: embeddings, downloads.</summary>
    public string Cache => Path.Combine(Root, "cache");

    /// <summary>Text encoders that were pulled, or put there, a folder each.</summary>
    public string Encoders => Path.Combine(Cache, "encoders");

    /// <summary>Vectors of texts that were encoded.</summary>
    public string Embeddings => Path.Combine(Cache, "embeddings", "embeddings.db");

    /// <summary>Passes when files can be made in a folder, which is created if it is not there.</summary>
    /// <exception cref="RlaifInputException">They cannot.</exception>
    public static void RequireWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".writable.{Path.GetRandomFileName()}");
            using FileStream created = File.Create(probe, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"'{folder}' cannot be written: {e.Message}", e);
        }
    }
}
