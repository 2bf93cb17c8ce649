global using Rlaif.Core;
