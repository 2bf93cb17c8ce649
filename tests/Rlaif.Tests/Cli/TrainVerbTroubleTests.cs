using Rlaif.Cli;

namespace Rlaif.Tests.Cli;

/// <summary>Trainings that are interrupted, or cannot keep what they learn.</summary>
[Collection(LearningHome.Collection)]
public sealed class TrainVerbTroubleTests(LearningHome home)
{
    [Fact]
    public async Task Train_InterruptedOnceTheVersionIsThere_StillWritesItsReport()
    {
        const int MostTries = 10;
        string folder = home.Copy("train_interrupted");
        var host = new CliHost
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        bool isInTime = false;
        for (int attempt = 1; attempt <= MostTries && !isInTime; attempt++)
        {
            string report = Path.Combine(folder, "reports", $"train_v{attempt:0000}");
            using var stop = new CancellationTokenSource();
            Task<int> training = Task.Run(() =>
                RlaifCommand.RunAsync(["train", "--epochs", "1", "--ensemble", "1", "--home", folder], host, stop.Token)
            );
            while (!Directory.Exists(Path.Combine(folder, "models", $"v{attempt:0000}")) && !training.IsCompleted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
            }

            // Between version and report there is little time: whoever looks too late tries again.
            isInTime = !File.Exists($"{report}.html");
            await stop.CancelAsync();
            Assert.Equal(0, await training);
            Assert.True(File.Exists($"{report}.html"));
            Assert.True(File.Exists($"{report}.json"));
        }

        Assert.True(isInTime);
    }

    [Fact]
    public async Task Train_ModelsThatCannotBeWritten_AreSaidBeforeAnythingIsTrained()
    {
        string folder = home.Copy("train_unwritable");
        await File.WriteAllTextAsync(Path.Combine(folder, "models"), "a file", TestContext.Current.CancellationToken);
        CliRun run = await CliRun.Of("train", "--epochs", "1", "--ensemble", "1", "--home", folder);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"error: '{Path.Combine(folder, "models")}' cannot be written", run.Error, StringComparison.Ordinal);
    }
}
