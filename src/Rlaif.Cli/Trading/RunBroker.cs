using System.CommandLine;
using Rlaif.Data.Alpaca;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Cli;

/// <summary>Where a run's orders go. Real money needs three things: the setting, the option, and a word that is typed.</summary>
internal sealed class RunBroker
{
    private const string Embedded = "paper";
    private const string Alpaca = "alpaca";
    private const string LiveAllowed = "run:live";
    private const string BrokerKey = "run:broker";
    private const string Word = "LIVE";
    private static readonly Uri LiveUrl = new("https://api.alpaca.markets");

    private readonly Option<bool> _paper = new("--paper")
    {
        Description = "Trade with the paper broker in the home: the default",
    };

    private readonly Option<bool> _live = new("--live")
    {
        Description =
            "Trade real money at Alpaca: needs \"run\": {\"live\": true} in rlaif.json, and the word LIVE typed when asked or given with --confirm",
    };

    private readonly Option<string?> _broker = new("--broker")
    {
        Description =
            "Who executes: paper is the broker in the home, alpaca the account of your keys (a paper account unless --live) [default: paper]",
        HelpName = "paper|alpaca",
    };

    private readonly Option<string?> _confirm = new("--confirm")
    {
        Description = "The word LIVE, where nobody is there to type it",
        HelpName = "WORD",
    };

    /// <summary>The keys of the section <c>run</c>.</summary>
    public static IReadOnlyList<string> Keys { get; } = [BrokerKey, LiveAllowed, RunSight.PortKey];

    public void AddTo(Command command)
    {
        _broker.AcceptOnlyFromAmong(Embedded, Alpaca);
        foreach (Option option in (Option[])[_paper, _live, _broker, _confirm])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the command line asks for another broker than that in the home.</summary>
    public bool IsElsewhere(CommandContext context) => context.Get(_live) || context.Get(_broker) == Alpaca;

    /// <summary>Opens the broker.</summary>
    /// <exception cref="RlaifInputException">Options contradict each other, or something that real money needs is missing.</exception>
    public async Task<OpenBroker> OpenAsync(CommandContext context)
    {
        bool isLive = context.Get(_live);
        if (isLive && (context.Get(_paper) || context.Get(_broker) == Embedded))
        {
            throw new RlaifInputException("--live and the paper broker exclude each other.");
        }

        string name = context.Get(_paper) ? Embedded : context.Get(_broker) ?? context.Settings[BrokerKey] ?? Embedded;
        if (isLive || name == Alpaca)
        {
            return OpenAlpaca(context, isLive);
        }

        if (name != Embedded)
        {
            throw new RlaifInputException($"Setting {BrokerKey} is '{name}'; it must be {Embedded} or {Alpaca}.");
        }

        Ledger store = await Ledger.OpenAsync(context.Home.Paper, context.CancellationToken);
        PaperBroker broker = await PaperBroker.OpenAsync(store, context.Time, cancellationToken: context.CancellationToken);
        return new OpenBroker(broker, BrokerMark.Paper, broker, store);
    }

    private OpenBroker OpenAlpaca(CommandContext context, bool isLive)
    {
        AlpacaOptions options = AlpacaAccess.ReadOptions(context.Settings);
        if (isLive && options.TradingUrl == new AlpacaOptions().TradingUrl)
        {
            options = options with { TradingUrl = LiveUrl };
        }

        var broker = new AlpacaBroker(AlpacaAccess.ReadKeys(context.Environment), options, context.Time);
        try
        {
            if (broker.IsLive)
            {
                RequireConsent(context, isLive, broker.Name);
            }

            return new OpenBroker(broker, broker.Name, broker, null);
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    private void RequireConsent(CommandContext context, bool isLive, string name)
    {
        if (!isLive)
        {
            throw new RlaifInputException($"{name} may move real money; that needs --live.");
        }

        if (context.Settings.Flag(LiveAllowed) is not true)
        {
            throw new RlaifInputException(
                "Trading real money is not allowed here. Allow it in rlaif.json first: \"run\": { \"live\": true }"
            );
        }

        string? typed =
            context.Get(_confirm)
            ?? context.Output.AskWord($"This sends orders to {name}: real money. Type {Word} to go on:", $"--confirm {Word}");
        if (typed != Word)
        {
            throw new RlaifInputException($"Not confirmed: the word is {Word}. Nothing was sent.");
        }
    }
}
