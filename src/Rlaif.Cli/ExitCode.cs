using Rlaif.Data.Alpaca;
using Rlaif.Data.Text.Hub;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Cli;

/// <summary>What a verb tells the shell, and the one place that turns exceptions into it.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int NotEnoughData = 3;
    public const int Interrupted = 130;

    public static int Of(Exception error) =>
        error switch
        {
            RlaifInputException or UnauthorizedAccessException => BadInput,
            NotEnoughDataException => NotEnoughData,
            OperationCanceledException => Interrupted,
            AggregateException { InnerExceptions: [var only] } => Of(only),
            _ => Failed,
        };

    public static string Message(Exception error) =>
        error switch
        {
            OperationCanceledException => "interrupted",
            AggregateException { InnerExceptions: [var only] } => Message(only),
            UnauthorizedAccessException => $"{error.Message} This user lacks the right; rlaif reads and writes all of its home.",
            RlaifInputException
            or NotEnoughDataException
            or ModelCallException
            or BudgetExceededException
            or DownloadException
            or AlpacaException => error.Message,
            _ => $"{error.Message} ({error.GetType().Name}; --verbose shows where)",
        };
}
