namespace Rlaif.Rewards.Training;

/// <summary>Holds parameters within a distance of where they began.</summary>
internal sealed class DriftBound
{
    private readonly float[] _origin;
    private readonly double _norm;
    private readonly double _limit;

    /// <summary>Remembers where the parameters are now.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="limit">Largest distance, as a fraction of their norm.</param>
    public DriftBound(float[] parameters, double limit)
    {
        _origin = [.. parameters];
        _norm = Math.Sqrt(parameters.Sum(p => (double)p * p));
        _limit = limit;
    }

    /// <summary>Pulls the parameters back onto the border where they went beyond it.</summary>
    /// <returns>The distance after that, as a fraction of the norm, and whether anything was pulled back.</returns>
    public (double Drift, bool IsBounded) Enforce(float[] parameters)
    {
        double squares = 0;
        for (int i = 0; i < _origin.Length; i++)
        {
            double moved = parameters[i] - _origin[i];
            squares += moved * moved;
        }

        double drift = Math.Sqrt(squares) / _norm;
        if (drift <= _limit)
        {
            return (drift, false);
        }

        double scale = _limit / drift;
        for (int i = 0; i < _origin.Length; i++)
        {
            parameters[i] = (float)(_origin[i] + (scale * (parameters[i] - _origin[i])));
        }

        return (_limit, true);
    }
}
