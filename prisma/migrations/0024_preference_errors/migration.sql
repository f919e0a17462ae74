-- What is compared already has no such error yet: a chore of the worker estimates those strengths again.
ALTER TABLE "comparison_pairs" ADD COLUMN     "strength_difference_error" DOUBLE PRECISION;
